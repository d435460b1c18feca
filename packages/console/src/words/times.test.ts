import { describe, expect, it } from 'vitest';
import { age, isStale, moment } from './times.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

describe('times', () => {
  it.each([
    ['2026-11-20T11:59:40Z', 'less than 1 min'],
    ['2026-11-20T11:57:00Z', '3 min'],
    ['2026-11-20T10:00:00Z', '2 h'],
    ['2026-11-17T12:00:00Z', '3 days'],
    ['2026-06-01T12:00:00Z', '5 months'],
    ['no time', 'unknown'],
  ])('tell the age of %s as %s', (time, words) => expect(age(time, now)).toBe(words));

  it('call advisories stale after two days', () => {
    expect(isStale('2026-11-19T00:00:00Z', now)).toBe(false);
    expect(isStale('2026-11-17T00:00:00Z', now)).toBe(true);
  });

  it('name a day in another year with its year', () => {
    expect(moment('2025-03-09T12:00:00Z', now)).toBe('9 Mar 2025');
    expect(moment('2026-03-09T12:00:00Z', now)).toBe('9 Mar');
  });
});
