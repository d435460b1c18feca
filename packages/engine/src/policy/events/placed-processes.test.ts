import type { RuntimeEvent } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlacedProcesses } from './placed-processes.ts';

const at = (container: string, node = 'node-1'): RuntimeEvent => ({
  source: 'tetragon',
  time: '2026-11-20T10:00:00.000Z',
  type: 'exec',
  node,
  container: { id: container },
});

describe('processes of containers', () => {
  it('are kept while half of the room is taken by others, and gone when all of it was', () => {
    const known = new PlacedProcesses<number>(8);
    known.set(at('a'), 1, 0);
    for (let round = 0; round < 100; round += 1) {
      for (let other = 0; other < 3; other += 1) known.set(at(`other-${other}`), `${round}-${other}`, round);
      expect(known.get(at('a'), 1)).toBe(round === 0 ? 0 : round - 1);
      known.set(at('a'), 1, round);
    }
    for (let index = 0; index < 8; index += 1) known.set(at(`other-${index % 2}`), `last-${index}`, index);
    expect(known.get(at('a'), 1)).toBeUndefined();
    expect(known.get(at('other-1'), 'last-7')).toBe(7);
  });

  it('are told apart by container and by node, and are as they were set last', () => {
    const known = new PlacedProcesses<string>(100);
    known.set(at('a'), 1, 'first');
    known.set(at('b'), 1, 'second');
    known.set(at('a', 'node-2'), 1, 'third');
    expect([known.get(at('a'), 1), known.get(at('b'), 1), known.get(at('a', 'node-2'), 1)]).toEqual([
      'first',
      'second',
      'third',
    ]);
    known.set(at('a'), 1, 'again');
    expect([known.get(at('a'), 1), known.get(at('b'), 1), known.get(at('b'), 2)]).toEqual([
      'again',
      'second',
      undefined,
    ]);
  });

  it('are what a map of all of them would hold, whatever they are called', () => {
    const anyKey = fc.oneof(fc.integer({ min: -3, max: 40_000 }), fc.string({ maxLength: 20 }));
    const anyStep = fc.record({ place: fc.constantFrom('a', 'b', 'c'), key: anyKey, isSet: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 100 }), (steps) => {
        const known = new PlacedProcesses<number>(1_000);
        const all = new Map<string, number>();
        for (const [index, { place, key, isSet }] of steps.entries()) {
          const name = JSON.stringify([place, key]);
          expect(known.get(at(place), key)).toBe(all.get(name));
          if (!isSet) continue;
          known.set(at(place), key, index);
          all.set(name, index);
        }
      }),
    );
  });

  it('of a container are found that was asked for before anything of it was set', () => {
    const known = new PlacedProcesses<number>(2);
    expect(known.get(at('a'), 1)).toBeUndefined();
    known.set(at('a'), 1, 1);
    expect(known.get(at('a'), 1)).toBe(1);
    known.set(at('a'), 2, 2);
    expect([known.get(at('a'), 1), known.get(at('a'), 2)]).toEqual([1, 2]);
  });

  it('are forgotten where their names were made up to have one hash, of which few are looked at, and no others are', () => {
    const known = new PlacedProcesses<number>(10_000);
    known.set(at('a'), 'other', -1);
    // In a hash that multiplies by 31, these are the same.
    const alike = Array.from({ length: 4_096 }, (_, index) =>
      index.toString(2).padStart(12, '0').replaceAll('0', 'Aa').replaceAll('1', 'BB'),
    );
    for (const [index, key] of alike.entries()) known.set(at('a'), key, index);
    const found = alike.filter((key) => known.get(at('a'), key) !== undefined);
    expect(found).toEqual(alike.slice(-16));
    expect(known.get(at('a'), 'other')).toBe(-1);
  });
});
