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

/** As the kernel does: counts what is marked. */
class Kernel {
  readonly counts = new Map<string, number>();

  count(key: Buffer, times: number): void {
    this.counts.set(key.toString('hex'), times);
  }

  countOf(key: Buffer): number | undefined {
    return this.counts.get(key.toString('hex'));
  }

  unmarkKnown(key: Buffer): void {
    this.counts.delete(key.toString('hex'));
  }
}

describe('what is known', () => {
  it('is told again with how often it happened since, and of no process', () => {
    const kernel = new Kernel();
    const deeds = new KnownDeeds(kernel);
    deeds.add(key(1), event('/a'));
    deeds.add(key(2), event('/b'));
    kernel.count(key(1), 5);
    kernel.count(key(2), 0);
    expect([...deeds.repeats(LATER)]).toEqual([
      {
        source: 'sensor',
        time: LATER,
        type: 'open',
        process: { path: '/bin/app', arguments: '', uid: 0 },
        file: { path: '/a', access: 'read' },
        count: 5,
      },
    ]);
    kernel.count(key(1), 7);
    expect([...deeds.repeats(LATER)].map(({ count }) => count)).toEqual([2]);
    kernel.unmarkKnown(key(1));
    expect([...deeds.repeats(LATER)]).toEqual([]);
    expect(deeds.isRepeat(key(1))).toBe(false);
  });

  it('counts what came before the kernel heard of it', () => {
    const kernel = new Kernel();
    const deeds = new KnownDeeds(kernel);
    expect(deeds.isRepeat(key(1))).toBe(false);
    deeds.add(key(1), event('/a'));
    kernel.count(key(1), 5);
    expect([deeds.isRepeat(key(1)), deeds.isRepeat(key(1)), deeds.isRepeat(key(2))]).toEqual([true, true, false]);
    expect([...deeds.repeats(LATER)].map(({ count }) => count)).toEqual([7]);
  });

  it('is bounded: what makes room is told for the last time, and known no more in the kernel either', () => {
    const numbered = (number: number): Buffer => {
      const one = Buffer.alloc(16);
      one.writeUInt32LE(number);
      return one;
    };
    const kernel = new Kernel();
    const deeds = new KnownDeeds(kernel);
    const add = (number: number): RuntimeEvent | undefined => {
      kernel.count(numbered(number), 0);
      return deeds.add(numbered(number), event(`/${number}`));
    };
    for (let number = 0; number < 32_768; number++) expect(add(number)).toBeUndefined();
    // The first happened lately, and stays; of the second nobody heard yet how often it did.
    kernel.count(numbered(0), 3);
    expect([...deeds.repeats(LATER)].map(({ file, count }) => [file?.path, count])).toEqual([['/0', 3]]);
    kernel.count(numbered(1), 4);
    const told = add(40_000);
    expect([told?.file?.path, told?.count]).toEqual(['/1', 4]);
    expect(add(40_001)).toBeUndefined();
    expect([0, 1, 2, 3].map((number) => kernel.countOf(numbered(number)))).toEqual([3, undefined, undefined, 0]);
    expect([0, 1, 2, 3].map((number) => deeds.isRepeat(numbered(number)))).toEqual([true, false, false, true]);
  });
});
