import { describe, expect, it } from 'vitest';
import type { KernelRecord } from '../kernel/index.ts';
import { detailsOf } from './details.ts';

const call = (kind: 'call' | 'paths', number: number, values: bigint[], path = '/a'): KernelRecord => ({
  kind,
  time: 0,
  cgroup: 1,
  start: 0,
  parentStart: 0,
  capabilities: 0n,
  pid: 1,
  thread: 1,
  parent: 0,
  uid: 0,
  gid: 0,
  effectiveUid: 0,
  call: number,
  result: 0,
  values: [0n, 0n, 0n, 0n, 0n, 0n].map((zero, index) => values[index] ?? zero) as never,
  executable: { inode: 1, device: 1, flags: 0 },
  comm: '',
  program: 1,
  parentProgram: 0,
  key: Buffer.alloc(16),
  texts: [Buffer.from('/'), Buffer.from(path), Buffer.alloc(0)],
  clipped: [false, false, false],
});

const LOOPBACK = Buffer.from([127, 0, 0, 1]);
const spoken = (number: number, protocol: bigint): KernelRecord => ({
  ...call('call', number, [2n, protocol, 8080n, 40000n]),
  kind: 'connect',
  texts: [LOOPBACK, Buffer.alloc(0), Buffer.alloc(0)],
});

describe('connections', () => {
  it.each([
    [42, 17n, 'connect'],
    [44, 17n, 'sendto'],
    [46, 17n, 'sendmsg'],
    [307, 17n, 'sendmmsg'],
    [425, 17n, 'io_uring'],
    [42, 6n, undefined],
  ])('by call %i of protocol %i tell whether datagrams were sent: %s', (number, protocol, name) => {
    expect(detailsOf(spoken(number, protocol), () => undefined)).toEqual({
      type: 'connect',
      ...(name && { call: name }),
      peer: { address: '127.0.0.1', port: 8080, protocol: protocol === 6n ? 'TCP' : 'UDP' },
    });
  });
});

describe('sockets as input and output', () => {
  const taken = (family: bigint, texts: KernelRecord['texts']): KernelRecord => ({
    ...call('call', 33, [family, 6n, 9001n, 40000n]),
    texts,
  });

  it('have ends where they are of the Internet', () => {
    expect(detailsOf(taken(2n, [LOOPBACK, LOOPBACK, Buffer.alloc(0)]), () => undefined)).toEqual({
      type: 'syscall',
      call: 'dup2',
      local: { address: '127.0.0.1', port: 40000 },
      peer: { address: '127.0.0.1', port: 9001, protocol: 'TCP' },
    });
  });

  it.each([1n, 16n, 17n])('have none where they are of family %i', (family) => {
    const none = Buffer.alloc(0);
    expect(detailsOf(taken(family, [none, none, none]), () => undefined)).toEqual({ type: 'syscall', call: 'dup2' });
  });
});

describe('changes of files', () => {
  it.each([
    ['chmod', call('paths', 90, [0n, 0o4755n]), '4755'],
    ['fchmodat', call('paths', 268, [0n, 0n, 0o100644n]), '644'],
    ['fchmod', call('call', 91, [3n, 0o2755n], ''), '2755'],
    ['mknod', call('paths', 133, [0n, 0o10644n]), 'fifo'],
    ['mknodat', call('paths', 259, [0n, 0n, 0o60600n]), 'block'],
    ['mknodat', call('paths', 259, [0n, 0n, 0o20600n]), 'character'],
    ['mknodat', call('paths', 259, [0n, 0n, 0o644n]), 'file'],
    ['mkdir', call('paths', 83, [0n, 0o755n]), undefined],
  ])('by %s tell rights, and what kind of file is made', (name, record, callArguments) => {
    expect(detailsOf(record, () => undefined)).toMatchObject({
      type: 'change',
      call: name,
      ...(callArguments && { callArguments }),
    });
  });
});
