import { describe, expect, it } from 'vitest';
import { poissonUpper95 } from './poisson-bound.ts';

describe('the upper bound of a rate', () => {
  // Half the 95 % quantiles of chi-square with 2, 4, ... degrees of freedom, as tables have them.
  it.each([
    [0, 2.9957],
    [1, 4.7439],
    [2, 6.2958],
    [3, 7.7537],
    [5, 10.513],
    [10, 16.962],
    [20, 29.062],
    [50, 63.287],
    [100, 118.079],
  ])('of %i that were seen is %f', (count, bound) => {
    expect(poissonUpper95(count)).toBeCloseTo(bound, 3);
  });

  it('grows with what was seen, also where it is no more counted exactly', () => {
    for (let count = 0; count < 260; count++) expect(poissonUpper95(count + 1)).toBeGreaterThan(poissonUpper95(count));
    expect(poissonUpper95(1e9)).toBeLessThan(1.001e9);
  });
});
