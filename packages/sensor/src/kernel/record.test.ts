import { describe, expect, it } from 'vitest';
import { readRecord } from './record.ts';

/** `struct event` of bpf/event.h, field by field. */
function bytesOf(kind: number, texts: readonly string[], clipped = 0): Buffer {
  const head = Buffer.alloc(200);
  const numbers64: [number, bigint][] = [
    [0, 5_000_000_000n],
    [8, 44n],
    [16, 4_000_000_000n],
    [24, 3_000_000_000n],
    [32, 1n << 13n],
    [80, 1n],
    [120, 6n],
    [128, 777n],
    [160, 0x1f_ffff_ffff_ffffn],
    [168, 5n],
    [176, 8n],
    [184, 9n],
  ];
  for (const [at, value] of numbers64) head.writeBigUInt64LE(value, at);
  head.writeBigInt64LE(-111n, 72);
  for (const [index, value] of [10, 11, 9, 1000, 1001, 0, kind, 42].entries())
    head.writeUInt32LE(value, 40 + 4 * index);
  head.writeUInt32LE(21, 136);
  head.writeUInt32LE(3, 140);
  head.write('nginx', 144);
  const contents = texts.map((text) => Buffer.from(text));
  for (const [slot, content] of contents.entries()) head.writeUInt16LE(content.length, 192 + 2 * slot);
  head.writeUInt16LE(clipped, 198);
  return Buffer.concat([head, ...contents]);
}

describe('a record of the kernel', () => {
  it('is read field by field', () => {
    const record = readRecord(bytesOf(5, ['first', '', 'third'], 4));
    expect(record).toMatchObject({
      kind: 'connect',
      time: 5_000_000_000,
      cgroup: 44,
      start: 4_000_000_000,
      parentStart: 3_000_000_000,
      capabilities: 1n << 13n,
      pid: 10,
      thread: 11,
      parent: 9,
      uid: 1000,
      gid: 1001,
      effectiveUid: 0,
      call: 42,
      result: -111,
      values: [1n, 0n, 0n, 0n, 0n, 6n],
      executable: { inode: 777, device: 21, flags: 3 },
      comm: 'nginx',
      clipped: [false, false, true],
      program: Number.MAX_SAFE_INTEGER,
      parentProgram: 5,
    });
    expect(record.key.toString('hex')).toBe('08000000000000000900000000000000');
    expect(record.texts.map(String)).toEqual(['first', '', 'third']);
  });

  it('keeps its texts when the kernel writes over what was read', () => {
    const bytes = bytesOf(3, ['/etc/passwd']);
    const { texts } = readRecord(bytes);
    bytes.fill(0);
    expect(texts[0].toString()).toBe('/etc/passwd');
  });

  it.each([0, 16, 4_000_000_000])('is refused where its kind is %i', (kind) => {
    expect(() => readRecord(bytesOf(kind, []))).toThrow(RangeError);
  });

  it('is refused where it is cut', () => {
    expect(() => readRecord(bytesOf(1, []).subarray(0, 100))).toThrow(RangeError);
  });
});
