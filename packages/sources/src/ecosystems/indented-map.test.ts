import fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { type IndentedValue, parseIndentedMaps } from './indented-map.ts';

const plain = (value: IndentedValue): unknown =>
  typeof value === 'string' ? value : [...value].map(([key, item]) => [key, plain(item)]);
const read = (text: string) => parseIndentedMaps(text).map(({ root, oddLines }) => ({ root: plain(root), oddLines }));

describe('maps by indentation', () => {
  it('are read as YAML writes them', () => {
    const word = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !/^[|>[{]/.test(text));
    const { map } = fc.letrec((tie) => ({
      map: fc.dictionary(word, fc.oneof({ maxDepth: 4 }, word, tie('map')), { maxKeys: 5 }),
    }));
    const entries = (value: unknown): unknown =>
      typeof value === 'string' ? value : Object.entries(value as object).map(([key, item]) => [key, entries(item)]);
    fc.assert(
      fc.property(map, (value) => {
        const text = dump(value, { lineWidth: -1, noRefs: true });
        const expected = Object.keys(value as object).length === 0 ? [['{}']] : entries(value);
        if (text !== '{}\n') expect(read(text), text).toEqual([{ root: expected, oddLines: [] }]);
      }),
    );
  });

  it('pass over lists, block texts and comments', () => {
    const text = 'a:\n  - b: c\n    d: e\n  # no\ntext: |-\n  x: y\n\n  z\n\'q\': "r" # s\nt: u # v\n';
    expect(read(text)).toEqual([
      {
        root: [
          ['a', []],
          ['text', '\0'],
          ['q', 'r'],
          ['t', 'u'],
        ],
        oddLines: [],
      },
    ]);
  });

  it('may have keys so long that YAML marks them', () => {
    expect(read('a:\n  ? b(c)\n  : d: e\n    f: g\n  h: i\n')).toEqual([
      {
        root: [
          [
            'a',
            [
              [
                'b(c)',
                [
                  ['d', 'e'],
                  ['f', 'g'],
                ],
              ],
              ['h', 'i'],
            ],
          ],
        ],
        oddLines: [],
      },
    ]);
  });

  it('are told apart by document', () => {
    expect(read('---\na: b\n---\nc: d\n').map(({ root }) => root)).toEqual([[['a', 'b']], [['c', 'd']]]);
  });

  it.each([
    'a: &x b',
    'a: *x',
    'a: !!js/function b',
    '<<<<<<< HEAD',
    'a: "b',
    'a: b\na: c',
    '\ta: b',
    ': a',
    "'a' b: c",
  ])('are no place for %j: it is an odd line', (text) => expect(read(text)[0]!.oddLines).toHaveLength(1));

  it('are read in linear time and to a bounded depth, whatever the text', () => {
    const deep = Array.from({ length: 20_000 }, (_, depth) => `${' '.repeat(depth % 1000)}a:`).join('\n');
    expect(parseIndentedMaps(deep)[0]!.oddLines.length).toBeGreaterThan(19_000);
    expect(parseIndentedMaps(' #'.repeat(2_000_000))).toEqual([]);
    expect(parseIndentedMaps(`a: b${' #'.repeat(2_000_000)}`)[0]!.root.get('a')).toBe('b');
  });

  it('come with no prototype', () => {
    const [document] = parseIndentedMaps('__proto__:\n  polluted: yes\n');
    expect([...document!.root.keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
