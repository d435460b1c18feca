import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

describe('nearest', () => {
  it.each([
    ['rnak', 'rank'],
    ['ran', 'rank'],
    ['scann', 'scan'],
    ['fxi', 'fix'],
    ['deploy', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('takes %.20s for %s', (word, expected) => {
    expect(nearest(word, ['rank', 'scan', 'explain', 'fix'])).toBe(expected);
  });
});
