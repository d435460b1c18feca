import { describe, expect, it } from 'vitest';
import { numberParts } from './number-parts.ts';

describe('the number of an answer', () => {
  it.each([
    [{ value: 1243, of: 2000, words: 'workloads fail' }, '1,243', 'of 2,000 workloads fail'],
    [{ value: 0, words: 'ways' }, '0', 'ways'],
    [{ value: null, words: 'credentials are known' }, '?', 'credentials are known'],
  ])('of %o', (number, value, rest) => expect(numberParts(number)).toEqual({ value, rest }));
});
