import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesWildcard } from './wildcard.ts';

it.each([
  ['*', '', true],
  ['?*', '', false],
  ['?*', 'a', true],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'acb', false],
  ['*:latest', 'nginx:latest', true],
  ['nginx', 'nginx2', false],
  ['a?c', 'abc', true],
  ['', '', true],
  ['', 'a', false],
  ['**', 'anything', true],
])('%j matches %j: %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});

it('matches what a regular expression of the same meaning does', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      expect(matchesWildcard(pattern, text)).toBe(new RegExp(`^${source}$`, 's').test(text));
    }),
    { numRuns: 2000 },
  );
});

it('takes no time beyond both lengths for patterns that mean harm', () => {
  const pattern = `${'*a'.repeat(2_000)}b`;
  expect(matchesWildcard(pattern, 'a'.repeat(20_000))).toBe(false);
});
