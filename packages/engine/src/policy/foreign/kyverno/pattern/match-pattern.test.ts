import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchPattern } from './match-pattern.ts';
import { matchesValue } from './match-value.ts';

const said = (object: unknown, pattern: unknown): string => {
  const fault = matchPattern(object, pattern);
  return fault === undefined ? 'pass' : fault.kind === 'skip' ? 'skip' : `fail ${fault.pointer.join('.')}`;
};

describe('leaves of a pattern', () => {
  it.each<[unknown, unknown, boolean]>([
    [5, '>4', true],
    [5, '>=5', true],
    [5, '<5', false],
    [5, '!5', false],
    [5, '1-10', true],
    [11, '1-10', false],
    [11, '1!-10', true],
    [5, '1!-10', false],
    ['512Mi', '<=1Gi', true],
    ['2Gi', '<=1Gi', false],
    ['1024Mi', '1Gi', true],
    ['100m', '<1', true],
    ['60s', '1m', true],
    ['90m', '>1h', true],
    ['10Mi', '1Mi-1Gi', true],
    ['nginx:latest', '!*:latest', false],
    ['nginx:1', '!*:latest', true],
    ['nginx:1', '!*:latest & *:*', true],
    ['nginx', '!*:latest & *:*', false],
    ['b', 'a | b | c', true],
    ['d', 'a | b | c', false],
    ['', '?*', false],
    ['x', '?*', true],
    [0, '>0', false],
    [null, '>0', false],
    [null, '?*', false],
    [true, 'true', true],
    [true, true, true],
    ['true', true, false],
    ['8080', 8080, true],
    [8080, 8080, true],
    [1.5, 1.5, true],
    [null, null, true],
    ['', null, true],
    [0, null, true],
    ['a', null, false],
    [{}, null, false],
    ['a|b', 'a|b', true],
    [{ a: 1 }, '?*', false],
  ])('%j against %j: %s', (value, pattern, expected) => {
    expect(matchesValue(value, pattern)).toBe(expected);
  });

  it('are exclusive: a number is in a range or outside of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.nat(500), fc.nat(500), (value, low, more) => {
        const high = low + more;
        expect(matchesValue(value, `${low}-${high}`)).toBe(!matchesValue(value, `${low}!-${high}`));
        expect(matchesValue(value, `${low}-${high}`)).toBe(value >= low && value <= high);
      }),
    );
  });
});

describe('a pattern', () => {
  const pod = (...containers: object[]): object => ({ spec: { containers } });

  it.each<[string, unknown, unknown, string]>([
    ['wants what it names', {}, { spec: { a: '?*' } }, 'fail spec'],
    ['of an asterisk wants anything but null', { a: null }, { a: '*' }, 'fail a'],
    ['of an asterisk takes maps', { a: {} }, { a: '*' }, 'pass'],
    [
      'holds for every element of a list',
      pod({ image: 'a' }, { image: 'b' }),
      { spec: { containers: [{ image: 'a' }] } },
      'fail spec.containers.1.image',
    ],
    ['holds for lists of texts', { a: ['x', 'y'] }, { a: ['x | y'] }, 'pass'],
    ['holds for lists of texts as one leaf', { a: ['x', 'z'] }, { a: 'x | y' }, 'fail a.1'],
    ['has nothing against an empty list', pod(), { spec: { containers: [{ image: 'a' }] } }, 'pass'],
    ['refuses something else than a list', { a: {} }, { a: ['x'] }, 'fail a'],
    ['that is an empty list is never kept', { a: [] }, { a: [] }, 'fail a'],
    ['=() looks at what is set', {}, { '=(a)': 1 }, 'pass'],
    ['=() refuses what is set otherwise', { a: 2 }, { '=(a)': 1 }, 'fail a'],
    ['X() refuses what is set', { a: null }, { 'X(a)': 'null' }, 'fail a'],
    ['X() takes what is not set', {}, { 'X(a)': 'null' }, 'pass'],
    ['() that does not hold skips', { a: 1, b: 2 }, { '(a)': 2, b: 3 }, 'skip'],
    ['() that is not there skips', { b: 2 }, { '(a)': 2, b: 3 }, 'skip'],
    ['() that holds asks for the rest', { a: 2, b: 2 }, { '(a)': 2, b: 3 }, 'fail b'],
    ['<() that does not hold skips', { a: 1, b: 2 }, { b: 3, '<(a)': 2 }, 'skip'],
    ['<() that is not there asks for the rest', { b: 2 }, { '<(a)': 2, b: 3 }, 'fail b'],
    ['^() wants one element at least', { a: [{ n: 1 }, { n: 2 }] }, { '^(a)': [{ n: 2 }] }, 'pass'],
    ['^() refuses lists without it', { a: [{ n: 1 }] }, { '^(a)': [{ n: 2 }] }, 'fail a'],
    ['^() wants one element for each pattern', { a: [{ n: 1 }] }, { '^(a)': [{ n: 1 }, { n: 2 }] }, 'fail a'],
    ['+() is for changes alone', { a: 1 }, { '+(a)': 2 }, 'pass'],
    [
      '() in a list leaves out elements',
      pod({ image: 'x', p: 2 }, { image: 'y', p: 1 }),
      { spec: { containers: [{ '(image)': 'y', p: 1 }] } },
      'pass',
    ],
    [
      '() in a list that leaves out all skips',
      pod({ image: 'x' }),
      { spec: { containers: [{ '(image)': 'y', p: 1 }] } },
      'skip',
    ],
    [
      '=() around a list',
      pod({ s: { r: 0 } }),
      { spec: { '=(initContainers)': [{ s: { r: 1 } }], containers: [{ '=(s)': { '=(r)': '>0' } }] } },
      'fail spec.containers.0.s.r',
    ],
    [
      'with wildcards in names of labels',
      { metadata: { labels: { 'a/b': 'x' } } },
      { metadata: { labels: { 'a/*': '?*' } } },
      'pass',
    ],
    [
      'with wildcards in annotations looks at all',
      { metadata: { annotations: { 'p/a': 'ok', 'p/b': 'bad' } } },
      { metadata: { '=(annotations)': { '=(p/*)': 'ok' } } },
      'fail metadata.annotations.p/b',
    ],
    [
      'with a wildcard that nothing fits',
      { metadata: { labels: {} } },
      { metadata: { labels: { 'a/*': '?*' } } },
      'fail metadata.labels.a/*',
    ],
  ])('%s', (_, object, pattern, expected) => {
    expect(said(object, pattern)).toBe(expected);
  });

  it('that is the object itself holds, whatever its fields are called', () => {
    const leaf = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1 }),
    );
    const value = fc.letrec((tie) => ({
      map: fc.dictionary(
        fc.constantFrom('a', 'b', '__proto__', 'constructor'),
        fc.oneof({ maxDepth: 4 }, leaf, tie('map')),
        { noNullPrototype: true },
      ),
    })).map;
    fc.assert(
      fc.property(value, (object) => {
        expect(said(object, object)).toBe('pass');
      }),
    );
  });

  it('ends however deep it goes', () => {
    const nest = (depth: number): unknown => (depth === 0 ? 1 : { a: nest(depth - 1) });
    expect(said(nest(500), nest(500))).toMatch(/^fail a\.a/);
    expect(
      said(
        { a: Array.from({ length: 5_000 }, (_, n) => ({ n })) },
        { '^(a)': Array.from({ length: 50 }, () => ({ n: -1 })) },
      ),
    ).toBe('fail a');
  });
});
