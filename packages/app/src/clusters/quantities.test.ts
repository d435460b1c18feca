import { describe, expect, it } from 'vitest';
import { sameQuantity } from './quantities.ts';

describe('sameQuantity', () => {
  it.each([
    ['1000m', '1', true],
    ['1Gi', '1024Mi', true],
    ['1Gi', '1G', false],
    ['60s', '1m0s', true],
    ['1h', '60m', true],
    ['1h', '61m', false],
    ['a', 'b', false],
    ['', '0s', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(sameQuantity(a, b)).toBe(expected);
  });

  it('takes time in proportion to the length of what it compares', () => {
    const before = process.cpuUsage();
    expect(sameQuantity(`${'1'.repeat(1_000_000)}s`, `${'1'.repeat(999_999)}2s`)).toBe(false);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2_000);
  });
});
