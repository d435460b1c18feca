import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectEvents, parseEventBody } from '../read-events.ts';
import { tracee } from './index.ts';

const SHARED = '../shared/runtime/tracee';

const OLD = {
  timestamp: 1_696_255_674_450_496_000,
  hostProcessId: 4711,
  userId: 33,
  processName: 'sh',
  executable: { path: '/bin/sh' },
  processEntityId: 99,
  hostName: 'node-1',
  containerId: 'c1',
  container: { id: 'c1', name: 'web', image: 'nginx:1', imageDigest: `sha256:${'ab'.repeat(32)}` },
  kubernetes: { podName: 'web-1', podNamespace: 'shop' },
  eventName: 'security_file_open',
  returnValue: 0,
  args: [
    { name: 'pathname', type: 'const char*', value: '/etc/shadow' },
    { name: 'flags', type: 'string', value: 'O_RDONLY|O_LARGEFILE' },
  ],
};
const NEW = {
  timestamp: { seconds: '1732454400', nanos: 123_456_789 },
  name: 'sched_process_exec',
  policies: { matched: ['default'] },
  workload: {
    process: {
      thread: { name: 'ls', start_time: { seconds: '1732454350' } },
      unique_id: 77,
      host_pid: { value: 4712 },
      pid: { value: 2 },
      real_user: { id: { value: 1000 } },
      executable: { path: '/bin/ls' },
      ancestors: [{ unique_id: 76, host_pid: 4711, executable: { path: '/bin/sh' } }],
    },
    container: { id: 'c1', name: 'web', image: { name: 'nginx:1', repo_digests: [`nginx@sha256:${'ab'.repeat(32)}`] } },
    k8s: { pod: { name: 'web-1', labels: { app: 'web' } }, namespace: { name: 'shop' } },
  },
  data: [
    { name: 'pathname', str: '/bin/ls' },
    { name: 'argv', str_array: { value: ['ls', '-la', '/tmp'] } },
  ],
};

const WHERE = {
  container: { id: 'c1', name: 'web', image: 'nginx:1', imageDigest: `sha256:${'ab'.repeat(32)}` },
  pod: { namespace: 'shop', name: 'web-1' },
};

const old = (eventName: string, args: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  tracee.parse({ ...OLD, eventName, args: Object.entries(args).map(([name, value]) => ({ name, value })), ...more })[0];

describe('Tracee', () => {
  it('is read in its older form', () => {
    expect(detectEvents(JSON.stringify(OLD))).toBe('tracee');
    expect(tracee.parse(OLD)).toMatchObject([
      {
        source: 'tracee',
        time: '2023-10-02T14:07:54.450Z',
        type: 'open',
        call: 'security_file_open',
        node: 'node-1',
        process: { path: '/bin/sh', pid: 4711, uid: 33, executionId: '99' },
        file: { path: '/etc/shadow', access: 'read' },
        ...WHERE,
      },
    ]);
  });

  it('is read as v1beta1', () => {
    expect(detectEvents(JSON.stringify(NEW))).toBe('tracee');
    expect(tracee.parse(NEW)).toMatchObject([
      {
        source: 'tracee',
        time: '2024-11-24T13:20:00.123Z',
        type: 'exec',
        process: {
          path: '/bin/ls',
          arguments: '-la /tmp',
          pid: 4712,
          uid: 1000,
          startTime: '2024-11-24T13:19:10.000Z',
        },
        parent: { path: '/bin/sh', pid: 4711 },
        ...WHERE,
      },
    ]);
  });

  it('tells alerts of both forms with technique and severity', () => {
    const Properties = {
      signatureID: 'TRC-1',
      signatureName: 'Anti-Debugging',
      Severity: 3,
      Technique: 'Debugger Evasion',
    };
    const before = old('anti_debugging', {}, { metadata: { Description: 'It hides', Properties } });
    expect(before?.alert).toEqual({
      rule: 'Anti-Debugging',
      priority: 'Critical',
      message: 'It hides',
      tags: ['Debugger Evasion'],
    });
    const threat = {
      name: 'Sensitive File Access',
      description: 'It reads',
      severity: 'MEDIUM',
      mitre: { technique: { id: 'T1003', name: 'OS Credential Dumping' }, tactic: { name: 'Credential Access' } },
    };
    expect(tracee.parse({ ...NEW, name: 'sensitive_file_access', threat })[0]?.alert).toEqual({
      rule: 'Sensitive File Access',
      priority: 'Warning',
      message: 'It reads',
      tags: ['T1003', 'OS Credential Dumping', 'Credential Access'],
    });
  });

  it('tells connections, listeners, ends and what calls are about', () => {
    const remote = { sa_family: 'AF_INET', sin_addr: '192.0.2.7', sin_port: '443' };
    expect(old('security_socket_connect', { remote_addr: remote })).toMatchObject({
      type: 'connect',
      peer: { address: '192.0.2.7', port: 443 },
    });
    expect(old('security_socket_connect', { remote_addr: { sun_path: '/run/docker.sock' } })?.file?.path).toBe(
      '/run/docker.sock',
    );
    expect(old('net_tcp_connect', { dst: '192.0.2.7', dst_port: 80 })).toMatchObject({
      type: 'connect',
      peer: { port: 80 },
    });
    const local = { sin6_addr: '::', sin6_port: 80 };
    expect(old('security_socket_listen', { local_addr: local })).toMatchObject({
      type: 'listen',
      local: { address: '::', port: 80 },
    });
    expect(old('sched_process_exit', { exit_code: 3 })).toMatchObject({ type: 'exit', exitCode: 3 });
    expect(old('setns', {})?.type).toBe('namespace');
    expect(old('init_module', {})?.type).toBe('module');
    expect(old('unheard_of', {})).toMatchObject({ type: 'syscall', call: 'unheard_of' });
  });

  it('takes a call that failed for no more than a call', () => {
    expect(old('openat', { pathname: '/etc/shadow', flags: 'O_RDONLY' }, { returnValue: -13 })?.type).toBe('syscall');
  });

  it('never breaks the reader', () => {
    for (const event of [OLD, NEW]) {
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...Object.keys(event)), fc.jsonValue()), (fields) => {
          expect(tracee.parse({ ...event, ...fields }).length).toBeLessThanOrEqual(1);
        }),
      );
    }
  });

  it.skipIf(!existsSync(SHARED)).each(['events-old-format.json', 'events-v1beta1.json'])(
    `reads every documented event (${SHARED}/%s)`,
    (file) => {
      const { events } = JSON.parse(readFileSync(`${SHARED}/${file}`, 'utf8')) as { events: { event: unknown }[] };
      const reading = parseEventBody(events.map(({ event }) => JSON.stringify(event)).join('\n'));
      expect([reading.events.length, reading.unknowns]).toEqual([events.length, []]);
    },
  );
});
