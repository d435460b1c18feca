import { describe, expect, it } from 'vitest';
import { tetragon } from './index.ts';

const process = { binary: '/usr/sbin/nginx', cwd: '/srv', pid: 9 };
const parse = (kind: string, event: object) =>
  tetragon.parse({ [kind]: { process, ...event }, time: '2026-11-20T10:00:00Z' })[0];
const kprobe = (function_name: string, args: object[], more: object = {}) =>
  parse('process_kprobe', { function_name, args, ...more });
const file = (path: string) => ({ file_arg: { path } });

describe('hooked calls', () => {
  it.each([
    ['security_file_permission', [file('/etc/passwd'), { int_arg: 4 }], { path: '/etc/passwd', access: 'read' }],
    ['security_file_permission', [file('/etc/passwd'), { int_arg: 2 }], { path: '/etc/passwd', access: 'write' }],
    [
      'security_mmap_file',
      [file('/usr/lib/libssl.so.3'), { int_arg: 5 }],
      { path: '/usr/lib/libssl.so.3', access: 'read' },
    ],
    ['fd_install', [{ int_arg: 3 }, file('/data/a')], { path: '/data/a' }],
    ['__x64_sys_write', [file('etc/passwd')], { path: '/etc/passwd', access: 'write' }],
    ['sys_openat', [{ int_arg: -100 }, { string_arg: '../etc/a' }], { path: '/etc/a' }],
    ['bprm_check_security', [{ linux_binprm_arg: { path: '/tmp/x' } }], { path: '/tmp/x', access: 'execute' }],
    ['security_path_unlink', [{ path_arg: { path: '/var/log/a' } }], { path: '/var/log/a', access: 'delete' }],
  ])('%s of %j opens a file', (name, args, expected) => {
    expect(kprobe(name, args)).toMatchObject({ type: 'open', file: expected, call: name });
  });

  it.each([
    ['__x64_sys_setuid', 'privilege'],
    ['__x64_sys_setns', 'namespace'],
    ['security_sb_mount', 'mount'],
    ['do_init_module', 'module'],
    ['tcp_close', 'close'],
    ['__x64_sys_kill', 'signal'],
    ['wake_up_new_task', 'syscall'],
    ['fd_install', 'syscall'],
  ])('%s without arguments is %s', (name, type) => expect(kprobe(name, [])?.type).toBe(type));

  it('tell both ends of a connection, and only the local one of a listener', () => {
    const sock_arg = { saddr: '10.0.0.1', sport: 40000, daddr: '10.0.0.2', dport: 443, protocol: 'IPPROTO_TCP' };
    expect(kprobe('tcp_connect', [{ sock_arg }])).toMatchObject({
      type: 'connect',
      peer: { address: '10.0.0.2', port: 443, protocol: 'TCP' },
      local: { address: '10.0.0.1', port: 40000 },
    });
    const listening = kprobe('inet_csk_listen_start', [{ sock_arg: { ...sock_arg, daddr: '0.0.0.0', dport: 0 } }]);
    expect(listening).toMatchObject({ type: 'listen', local: { address: '10.0.0.1', port: 40000 } });
    expect(listening?.peer).toBeUndefined();
  });

  it('that failed are no evidence of an open file', () => {
    const failed = kprobe('security_file_permission', [file('/etc/shadow'), { int_arg: 4 }], {
      return: { int_arg: -13 },
    });
    expect(failed).toMatchObject({ type: 'syscall', file: { path: '/etc/shadow' } });
  });

  it('that a policy stopped are alerts', () => {
    const stopped = kprobe('tcp_connect', [], { action: 'KPROBE_ACTION_SIGKILL', policy_name: 'no-egress' });
    expect(stopped).toMatchObject({ type: 'connect', alert: { rule: 'no-egress', priority: 'Critical' } });
  });
});

describe('other kinds', () => {
  it('a library that is mapped or probed is opened', () => {
    const path = '/usr/lib/libssl.so.3';
    expect(parse('process_loader', { path })).toMatchObject({ type: 'open', file: { path } });
    expect(parse('process_uprobe', { path, symbol: 'SSL_read' })).toMatchObject({ type: 'open', call: 'SSL_read' });
  });

  it('tracepoints go by the name of their event', () => {
    const event = { subsys: 'syscalls', event: 'sys_enter_connect', args: [] };
    expect(parse('process_tracepoint', event)).toMatchObject({ type: 'connect', call: 'sys_enter_connect' });
  });

  it('an exit has a status, or the signal that ended it', () => {
    expect(parse('process_exit', { status: 3 })).toMatchObject({ type: 'exit', exitCode: 3 });
    expect(parse('process_exit', { signal: 'SIGKILL' })).toMatchObject({ type: 'exit', call: 'SIGKILL' });
  });

  it('loss is told, with its count where there is one', () => {
    const time = '2026-11-20T10:00:00Z';
    const rate = { rate_limit_info: { number_of_dropped_process_events: '42' }, time, node_name: 'n' };
    expect(tetragon.parse(rate)).toEqual([
      { source: 'tetragon', time: '2026-11-20T10:00:00.000Z', type: 'loss', lost: 42, node: 'n' },
    ]);
    const throttled = tetragon.parse({ process_throttle: { type: 'THROTTLE_START' }, time });
    expect(throttled[0]).toMatchObject({ type: 'loss' });
    expect(throttled[0]?.lost).toBeUndefined();
  });

  it('pods carry workload, labels of both spellings and the cluster', () => {
    const pod = { namespace: 'shop', name: 'cart-1', workload: 'cart', workload_kind: 'Deployment' };
    const of = (labels: object) =>
      tetragon.parse({
        process_exec: { process: { ...process, pod: { ...pod, ...labels } } },
        time: '2026-11-20T10:00:00Z',
        cluster_name: 'east',
      })[0]?.pod;
    const expected = { ...pod, cluster: 'east', workloadKind: 'Deployment', labels: { app: 'cart' } };
    const { workload_kind: _, ...rest } = expected;
    expect(of({ pod_labels: { app: 'cart' } })).toEqual(rest);
    expect(of({ labels: ['k8s:app=cart'] })).toEqual(rest);
  });
});
