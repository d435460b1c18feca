import { describe, expect, it } from 'vitest';
import { bytes, countWord, percent, plural, points, probability, removed } from './numbers.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.01, 'under 0.1'],
    [0.26, '0.3'],
    [9.96, '10'],
    [138.4, '138'],
    [1930, '1,930'],
  ])('say %d points as %s', (value, text) => expect(points(value)).toBe(text));

  it.each([
    [0, '0 %'],
    [0.004, 'under 1 %'],
    [0.7, '70 %'],
    [0.999, '99 %'],
    [1, '100 %'],
  ])('say a share of %d as %s', (value, text) => expect(percent(value)).toBe(text.replace(/ (?=%)/, '\u00a0')));

  it('never claim certainty that is not there', () => {
    expect(probability(0.995)).toBe('over 0.99');
    expect(probability(0.002)).toBe('under 0.01');
    expect(probability(1)).toBe('1');
    expect(probability(0.615)).toBe('0.62');
  });

  it('use a true minus, words and units', () => {
    expect(removed(118)).toBe('−118');
    expect(countWord(5)).toBe('Five');
    expect(countWord(11)).toBe('11');
    expect(plural(1, 'image')).toBe('1 image');
    expect(plural(2, 'vulnerability', 'vulnerabilities')).toBe('2 vulnerabilities');
    expect(bytes(29_400_000)).toBe('29 MB');
    expect(bytes(512)).toBe('512 B');
  });
});
