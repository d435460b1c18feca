import { describe, expect, it } from 'vitest';
import { amountOf } from './resource-words.ts';

describe('so much of a resource', () => {
  it.each([
    ['memory', 94_371_840, '90 MiB'],
    ['memory', 1_610_612_736, '1.5 GiB'],
    ['memory', 0, '0 B'],
    ['cpu', 0.0123, '0.012 cores'],
    ['cpu', 12.4, '12 cores'],
    ['tasks', 7, '7'],
    ['received', 12_500, '12 KiB/s'],
    ['memory', 2 ** 62, '4194304 TiB'],
  ])('%s %d is %s', (resource, value, words) => {
    expect(amountOf(resource, value)).toBe(words);
  });
});
