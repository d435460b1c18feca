import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK, KindSet } from './kind-set.ts';

const SIZE = CHUNK * 3 + 40;
const everything = Array.from({ length: SIZE }, (_, kind) => kind);
const members = fc.oneof(
  fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: 40 }),
  fc.tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1)).map(([a, b]) => everything.slice(Math.min(a, b), Math.max(a, b) + 1)),
  fc.constant(everything),
);

describe('sets of kinds', () => {
  it('are united, intersected and subtracted as sets are', () => {
    fc.assert(
      fc.property(members, members, (one, other) => {
        const [a, b] = [KindSet.of(SIZE, one), KindSet.of(SIZE, other)];
        const [x, y] = [new Set(one), new Set(other)];
        expect(new Set(a.union(b).members())).toEqual(x.union(y));
        expect(new Set(a.intersect(b).members())).toEqual(x.intersection(y));
        expect(new Set(a.subtract(b).members())).toEqual(x.difference(y));
        expect(a.subtract(b).isEmpty).toBe(x.isSubsetOf(y));
        expect(everything.filter((kind) => a.has(kind))).toEqual([...one].sort((p, q) => p - q));
      }),
    );
  });

  it('share what they have in common, so that many that differ in little take little', () => {
    const wide = KindSet.of(
      SIZE,
      everything.filter((kind) => kind % 5 === 1),
    );
    const all = KindSet.of(SIZE, everything);
    const own = KindSet.of(SIZE, [CHUNK + 4]);
    const without = all.subtract(own).intersect(wide);
    expect(without.chunks.map((chunk, at) => chunk === wide.chunks[at])).toEqual([true, false, true, true]);
    expect(wide.intersect(all).chunks.every((chunk, at) => chunk === wide.chunks[at])).toBe(true);
    expect(without.union(own).union(wide).members()).toEqual(wide.union(own).members());
  });
});
