import { describe, expect, it } from 'vitest';
import { behaviourKey } from '../behaviour-key.ts';
import { DistinctCount } from './distinct-count.ts';

const keyOf = (index: number): string =>
  behaviourKey({ dimension: 'open', actor: '', parent: '', object: `/${index}` });

describe('how many different keys were added', () => {
  it.each([0, 1, 10, 300, 5_000, 100_000])('is about right for %i, however often each comes', (many) => {
    const count = new DistinctCount();
    for (const _ of [1, 2]) for (let index = 0; index < many; index++) count.add(keyOf(index));
    expect(Math.abs(count.count() - many)).toBeLessThanOrEqual(0.2 * many);
    expect(new DistinctCount(count.toText()).count()).toBe(count.count());
    expect(count.toText().length).toBeLessThanOrEqual(256);
  });
});
