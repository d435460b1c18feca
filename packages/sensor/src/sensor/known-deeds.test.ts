import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { KnownDeeds } from './known-deeds.ts';

const event = (path: string): RuntimeEvent => ({
  source: 'sensor',
  time: '2026-11-22T10:00:00.000Z',
  type: 'open',
  process: { path: '/bin/app', arguments: '', pid: 7, executionId: '7:1', uid: 0 },
  file: { path, access: 'read' },
});
const key = (digit: number): Buffer => Buffer.alloc(16, digit);
const LATER = '2026-11-22T10:01:00.000Z';

describe('what is known', () => {
  it('is told again with how often it happened since, and of no process', () => {
    const deeds = new KnownDeeds();
    deeds.add(key(1), event('/a'));
    deeds.add(key(2), event('/b'));
    const counts = new Map([
      [1, 5],
      [2, 0],
    ]);
    const countOf = (one: Buffer): number | undefined => counts.get(one[0]!);
    expect([...deeds.repeats(countOf, LATER)]).toEqual([
      {
        source: 'sensor',
        time: LATER,
        type: 'open',
        process: { path: '/bin/app', arguments: '', uid: 0 },
        file: { path: '/a', access: 'read' },
        count: 5,
      },
    ]);
    counts.set(1, 7);
    expect([...deeds.repeats(countOf, LATER)].map(({ count }) => count)).toEqual([2]);
    counts.delete(1);
    expect([...deeds.repeats(countOf, LATER)]).toEqual([]);
  });

  it('counts what came before the kernel heard of it', () => {
    const deeds = new KnownDeeds();
    expect(deeds.isRepeat(key(1))).toBe(false);
    deeds.add(key(1), event('/a'));
    expect([deeds.isRepeat(key(1)), deeds.isRepeat(key(1)), deeds.isRepeat(key(2))]).toEqual([true, true, false]);
    expect([...deeds.repeats(() => 5, LATER)].map(({ count }) => count)).toEqual([7]);
  });

  it('is bounded: the oldest is let go of', () => {
    const deeds = new KnownDeeds();
    for (let index = 0; index < 20_000; index++) {
      const one = Buffer.alloc(16);
      one.writeUInt32LE(index);
      deeds.add(one, event(`/${index}`));
    }
    const told = [...deeds.repeats(() => 1, LATER)].map(({ file }) => file?.path);
    expect([told.length, told[0], told.at(-1)]).toEqual([16_384, '/3616', '/19999']);
  });
});
