import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

it('finds long parts, with and without characters left open, where a regular expression does', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'ab', 'aab'), { maxLength: 90 }).map((parts) => parts.join(''));
  const part = fc.array(fc.constantFrom('a', 'b', 'aab', '?'), { minLength: 12, maxLength: 50 });
  fc.assert(
    fc.property(text, text, part, fc.infiniteStream(fc.constantFrom('a', 'b')), (before, after, parts, filled) => {
      const middle = parts.join('');
      const written = middle.replaceAll('?', () => filled.next().value ?? 'a');
      const source = new RegExp(`^.*${middle.replaceAll('?', '.')}.*$`, 's');
      for (const tried of [`${before}${written}${after}`, `${before}${after}`, `${before}${written.slice(1)}`])
        expect(matchesWildcard(`*${middle}*`, tried)).toBe(source.test(tried));
    }),
    { numRuns: 500 },
  );
});

describe('patterns that mean harm', () => {
  const long = 'a'.repeat(1_000_000);
  const steps = (pattern: string): void => {
    const before = process.cpuUsage();
    expect(matchesWildcard(pattern, long)).toBe(false);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2_000);
  };

  it('take time in proportion to the text', () => {
    steps(`${'*a'.repeat(2_000)}b`);
    steps(`*${'a'.repeat(100_000)}b*`);
    steps(`*${'a'.repeat(1_000)}?b*`);
    steps(`*${'?'.repeat(20)}b*`);
  });
});
