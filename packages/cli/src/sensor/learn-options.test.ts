import { describe, expect, it } from 'vitest';
import { readBudget } from './learn-options.ts';

describe('the budget of false alerts', () => {
  it.each([
    [undefined, undefined],
    ['1/6h', { alerts: 1, hours: 6 }],
    ['2/30d', { alerts: 2, hours: 720 }],
    ['0.5/24h', { alerts: 0.5, hours: 24 }],
  ])('%s', (budget, read) => {
    expect(readBudget({ options: { budget } })).toEqual(read);
  });

  it.each(['', '6h', '0/6h', '1/0h', '1/6', '-1/6h', '1/6h now'])('is refused where it is none: %j', (budget) => {
    expect(() => readBudget({ options: { budget } })).toThrow('--budget');
  });
});
