import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CelUnknown } from '../cel/index.ts';
import { partText } from './part-text.ts';

describe('partText', () => {
  it('is shared by equal values alone', () => {
    const values = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [first, second] = [partText(a), partText(b)];
        if (first !== '' && first === second) expect(JSON.stringify(a)).toBe(JSON.stringify(b));
        const copy = partText(structuredClone(a));
        expect(copy).toBe(first);
      }),
      { numRuns: 2_000 },
    );
    expect(
      new Set([['1', 1], ['a', 'b'], ['ab'], { a: ['b'] }, ['a:b'], [['a'], 'b'], [[], 'a']].map(partText)).size,
    ).toBe(7);
  });

  it.each<[what: string, value: unknown]>([
    ['what is not known', { user: new CelUnknown(['user']) }],
    ['what no JSON holds', [undefined]],
    ['large numbers', [1n]],
    ['no number', Number.NaN],
    ['negative zero, which is equal to zero and no whole number', -0],
    ['long texts', 'x'.repeat(3_000)],
    ['long lists', Array.from({ length: 2_000 }, () => true)],
    ['what nests deep', Array.from({ length: 50 }).reduce((inner) => [inner], 1)],
  ])('has no text for %s', (_what, value) => expect(partText(value)).toBe(''));
});
