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
