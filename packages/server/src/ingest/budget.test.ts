import { describe, expect, it } from 'vitest';
import { openBudget } from './budget.ts';

describe('a budget', () => {
  it('lets spend what is there, is overdrawn once, and is waited for then', () => {
    let now = 0;
    const budget = openBudget({ store: 100, perSecond: 10 }, () => now);
    budget.spend(60);
    expect(budget.wait()).toBe(0);
    budget.spend(100);
    expect(budget.wait()).toBe(6_100);
    now += 6_000;
    expect(budget.wait()).toBe(100);
    now += 100;
    expect(budget.wait()).toBe(0);
    now += 1_000_000;
    budget.spend(100);
    expect(budget.wait()).toBeGreaterThan(0);
  });

  it('loses nothing where the clock jumps back', () => {
    let now = 10_000;
    const budget = openBudget({ store: 10, perSecond: 1 }, () => now);
    budget.spend(10);
    now = 0;
    expect(budget.wait()).toBe(1_000);
    now = 2_000;
    expect(budget.wait()).toBe(0);
  });
});
