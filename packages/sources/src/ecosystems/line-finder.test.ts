import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineFinder } from './line-finder.ts';

describe('lines of entries', () => {
  it('are found one behind the other', () => {
    const finder = new LineFinder('{\n  "a": {\n    "b": 1\n  },\n  "b": {}\n}');
    expect([finder.findKey('a'), finder.findKey('b')]).toEqual([2, 5]);
    expect(finder.findKey('b')).toBeUndefined();
  });

  it('are given up where a document is written in another way, and found again where one is missing', () => {
    const finder = new LineFinder('\n"a": {}\n"b": {}\n');
    expect([finder.findKey('x'), finder.findKey('a')]).toEqual([undefined, 2]);
    for (let miss = 0; miss < 16; miss++) finder.findKey('x');
    expect(finder.findKey('b')).toBeUndefined();
  });

  it('are those behind a line feed that is looked for', () => {
    const finder = new LineFinder('x\n[[p]]\na\n[[p]]\n');
    expect([finder.find('\n[[p]]'), finder.find('\n[[p]]'), finder.find('\n[[p]]')]).toEqual([2, 4, undefined]);
  });

  it('are those of JSON as it is written by its writer', () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1 }).map((key) => `k ${key}`));
    fc.assert(
      fc.property(keys, (names) => {
        const finder = new LineFinder(JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])), null, 2));
        expect(names.map((name) => finder.findKey(name, '1'))).toEqual(names.map((_, index) => index + 2));
      }),
    );
  });
});
