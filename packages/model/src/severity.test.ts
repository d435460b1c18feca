import { expect, it } from 'vitest';
import { compareSeverity, SEVERITIES, worstSeverity } from './severity.ts';

it('orders severities from critical to unknown', () => {
  expect([...SEVERITIES].reverse().sort(compareSeverity)).toEqual(['critical', 'high', 'medium', 'low', 'unknown']);
});

it('finds the worst of some', () => {
  expect(worstSeverity(['low', 'high', 'unknown'])).toBe('high');
  expect(worstSeverity([])).toBeUndefined();
});
