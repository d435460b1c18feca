import { describe, expect, it } from 'vitest';
import { poissonInterval, shareInterval } from './interval.ts';

describe('limits', () => {
  it.each([
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [5, 1.623, 11.668],
    [20, 12.217, 30.888],
  ])('of a rate of which %i were seen are those of the tables', (count, low, high) => {
    const found = poissonInterval(count);
    expect(found.low).toBeCloseTo(low, 2);
    expect(found.high).toBeCloseTo(high, 2);
  });

  it.each([
    [0, 10, 0, 0.3085],
    [5, 10, 0.1871, 0.8129],
    [10, 10, 0.6915, 1],
    [298, 300, 0.9761, 0.9992],
  ])('of a share, %i of %i, are those of the tables', (hits, tries, low, high) => {
    const found = shareInterval(hits, tries);
    expect(found.low).toBeCloseTo(low, 3);
    expect(found.high).toBeCloseTo(high, 3);
  });
});
