import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectEvents, parseEventBody } from '../read-events.ts';
import { kubearmor } from './index.ts';

const ALERTS = '../shared/runtime/kubearmor/alerts.json';

const POD = {
  ClusterName: 'prod',
  HostName: 'node-1',
  NamespaceName: 'shop',
  PodName: 'web-7d4b-x',
  Owner: { Ref: 'Deployment', Name: 'web', Namespace: 'shop' },
  Labels: 'app=web,tier=front',
  ContainerID: 'c1',
  ContainerName: 'web',
  ContainerImage: `docker.io/library/nginx:1@sha256:${'ab'.repeat(32)}`,
  UpdatedTime: '2026-11-22T10:00:00.123456Z',
  HostPID: 4711,
  UID: 33,
  ParentProcessName: '/bin/sh',
};
const BLOCKED = {
  ...POD,
  Type: 'MatchedPolicy',
  PolicyName: 'no-package-managers',
  Severity: '8',
  ATags: ['MITRE', 'T1059'],
  Message: 'No packages here',
  Operation: 'Process',
  ProcessName: '/usr/bin/apt',
  Resource: '/usr/bin/apt update',
  Data: 'syscall=SYS_EXECVE',
  Action: 'Block',
  Result: 'Permission denied',
};

const parse = (changes: Record<string, unknown>) => kubearmor.parse({ ...BLOCKED, ...changes })[0];

describe('KubeArmor', () => {
  it('tells what it blocked, of whom, by which policy', () => {
    expect(detectEvents(JSON.stringify(BLOCKED))).toBe('kubearmor');
    expect(kubearmor.parse(BLOCKED)).toEqual([
      {
        source: 'kubearmor',
        time: '2026-11-22T10:00:00.123Z',
        type: 'exec',
        failure: 'EACCES',
        prevention: 'stopped',
        process: { path: '/usr/bin/apt', arguments: 'update', pid: 4711, uid: 33 },
        parent: { path: '/bin/sh', arguments: '' },
        node: 'node-1',
        pod: {
          cluster: 'prod',
          namespace: 'shop',
          name: 'web-7d4b-x',
          workload: 'web',
          workloadKind: 'Deployment',
          labels: { app: 'web', tier: 'front' },
        },
        container: { id: 'c1', name: 'web', image: POD.ContainerImage, imageDigest: `sha256:${'ab'.repeat(32)}` },
        alert: {
          rule: 'no-package-managers',
          priority: 'Error',
          message: 'No packages here',
          tags: ['MITRE', 'T1059'],
        },
      },
    ]);
  });

  it.each([
    ['O_RDONLY', 'open', 'read'],
    ['O_WRONLY|O_APPEND', 'open', 'write'],
    ['O_RDWR|O_CREAT', 'open', 'create'],
  ])('tells how a file was opened: %s', (flags, type, access) => {
    const event = parse({
      Operation: 'File',
      Source: '/bin/cat /etc/shadow',
      ProcessName: '/bin/cat',
      Resource: '/etc/shadow',
      Data: `syscall=SYS_OPENAT fd=-100 flags=${flags}`,
      Action: 'Audit',
      Result: 'Passed',
    });
    expect(event).toMatchObject({
      type,
      file: { path: '/etc/shadow', access },
      process: { path: '/bin/cat', arguments: '/etc/shadow' },
    });
    expect([event?.failure, event?.prevention]).toEqual([undefined, undefined]);
  });

  it.each(['SYS_UNLINKAT flags=', 'SYS_RMDIR'])('tells what was removed: %s', (call) => {
    const event = parse({
      Operation: 'File',
      Source: '/bin/rm x',
      Resource: '/x',
      Data: `syscall=${call}`,
      Result: 'Passed',
    });
    expect(event).toMatchObject({ type: 'change', file: { path: '/x', access: 'delete' } });
  });

  it('tells connections, and that a socket alone is none', () => {
    const network = { Operation: 'Network', Source: './main', Result: 'Passed' };
    const connected = {
      Resource: 'sa_family=AF_INET sin_port=53 sin_addr=10.0.0.10',
      Data: 'syscall=SYS_CONNECT fd=10',
    };
    expect(parse({ ...network, ...connected })).toMatchObject({
      type: 'connect',
      peer: { address: '10.0.0.10', port: 53 },
    });
    const made = { Resource: 'domain=AF_INET type=SOCK_DGRAM protocol=0', Data: 'syscall=SYS_SOCKET' };
    expect(parse({ ...network, ...made })).toMatchObject({ type: 'syscall', call: 'socket' });
  });

  it('tells callers by its firewall', () => {
    const event = parse({
      Operation: 'NetworkFirewall',
      Resource: 'INGRESS',
      Data: 'SourceIP=192.0.2.1 SourcePort=53262 DestinationIP=192.0.2.2 DestinationPort=22 Protocol=TCP',
      Result: 'Passed',
    });
    expect(event).toMatchObject({
      type: 'accept',
      peer: { address: '192.0.2.1', port: 53_262, protocol: 'TCP' },
      local: { address: '192.0.2.2', port: 22 },
    });
  });

  it('is no alert where it only logs', () => {
    expect(parse({ Type: 'ContainerLog', Action: undefined, Result: 'Passed' })?.alert).toBeUndefined();
  });

  it('never breaks the reader', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(BLOCKED)), fc.jsonValue()), (fields) => {
        expect(kubearmor.parse({ ...BLOCKED, ...fields }).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.skipIf(!existsSync(ALERTS))(`reads every documented alert that has a time (${ALERTS})`, () => {
    const { alerts } = JSON.parse(readFileSync(ALERTS, 'utf8')) as { alerts: { alert: Record<string, unknown> }[] };
    const lines = alerts.map(({ alert }) => JSON.stringify(alert)).join('\n');
    const { events, unknowns } = parseEventBody(lines);
    const timed = alerts.filter(({ alert }) => 'Timestamp' in alert || 'UpdatedTime' in alert);
    expect([events.length, unknowns.length]).toEqual([timed.length, alerts.length - timed.length]);
    expect(events.filter(({ prevention }) => prevention === 'stopped').length).toBeGreaterThan(20);
  });
});
