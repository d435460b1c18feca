import fc from 'fast-check';
import { constructFromEvents, parseEvents } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { KUBERNETES_SCHEMA } from '../kubernetes-yaml.ts';
import { eventFinder, partFinder } from '../locate-in-events.ts';
import { FieldScanner } from './field-scanner.ts';
import { plainParts } from './plain-parts.ts';
import { plainValues } from './plain-values.ts';

/** What the reader of all of YAML makes of a text; undefined where it finds a fault. */
function strictly(text: string): unknown[] | undefined {
  try {
    return constructFromEvents(parseEvents(text, { maxDepth: 100 }), { source: text, schema: KUBERNETES_SCHEMA });
  } catch {
    return undefined;
  }
}

type Pointer = (string | number)[];

function pointersOf(value: unknown, at: Pointer = []): Pointer[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [
    at,
    ...Object.entries(value).flatMap(([key, inner]) =>
      pointersOf(inner, [...at, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** Holds values, lines and places equal to those of the other reader, wherever the text is plain. */
function holdAlike(text: string): boolean {
  const plain = plainValues(text);
  const parts = plainParts(text);
  if (plain === undefined) return false;
  expect(
    plain.map(({ value }) => value),
    text,
  ).toEqual(strictly(text));
  const [mine, theirs] = [partFinder(text, parts ?? []), eventFinder(text)];
  const scanner = new FieldScanner(text);
  const positionOf = (offset: number) => {
    const lines = text.slice(0, offset).split('\n');
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  };
  for (const { index, value } of plain)
    for (const known of pointersOf(value))
      for (const pointer of [known, [...known, 'a'], [...known, 1]]) {
        expect(mine(index, pointer), `${text} ${pointer}`).toBe(theirs(index, pointer));
        expect(scanner.find(index, pointer), `${text} ${pointer}`).toEqual(positionOf(theirs(index, pointer)));
      }
  return true;
}

const MANIFEST = `# a comment
---
apiVersion: v1 # behind
kind: Pod
metadata:
  name: a.b-c
  labels: {app: web, tier: "front end"}
  annotations: {}
spec:
  hostPID: yes
  containers:
  - name: web
    image: registry.example:5000/web@sha256:00ff
    args: ["--id=1", -v, '--x: y']
    ports: [{containerPort: 0600, protocol: TCP}, {containerPort: 8080}]
    env:
      - name: A
        value: "#1"

      - # said below
        name: B
        value:
    command:
    - /bin/sh
    - -c
    - echo a:b c#d
    - |
      if true; then
        echo "a: b" # no comment

      fi

    - >-
      folded 'text'
      of two lines

      and another
      # that is no comment
  # a comment
  restartPolicy: >
    Always
  imagePullSecrets:
    [{ name: a }, {name: b},
      # in between

     { name: "c" } ]
  hostAliases: [
    { ip: 10.0.0.1,
      hostnames: [a, b] } ] # behind
---
kind: List
items: []
`;

describe('plain YAML', () => {
  it('is read as the reader of all of YAML reads it', () => {
    expect(holdAlike(MANIFEST)).toBe(true);
    expect(plainValues(MANIFEST)?.map(({ line }) => line)).toEqual([3, 51]);
  });

  it.each([
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['a tag', 'a: !Ref b\n'],
    ['a text over lines that keeps its end', 'a: |+\n  b\n'],
    ['a text over lines that says how it is indented', 'a: |2\n  b\n'],
    ['a text over lines without one', 'a: |\nb: 1\n'],
    ['a text over lines that begins with an empty one', 'a: |\n\n  b\n'],
    ['a text over lines whose last has no end', 'a: |\n  b'],
    ['a folded text with a line that is indented deeper', 'a: >\n  b\n   c\n  d\n'],
    ['a text over lines with space at the end of one', 'a: >\n  b \n  c\n'],
    ['a folded text', 'a: b\n  c\n'],
    ['an escape', 'a: "b\\n"\n'],
    ['a quote in quotes', "a: 'b''c'\n"],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key that is no text', 'a: 1\nyes: 2\n'],
    ['a number as a key', '1: 2\n'],
    ['a merge key', '<<: {a: 1}\n'],
    ['the prototype', '__proto__: {a: 1}\n'],
    ['a tab', 'a:\tb\n'],
    ['another line feed', 'a: b\r\n'],
    ['a letter of another language', 'a: ä\n'],
    ['indentation that fits nowhere', 'a:\n    b: 1\n  c: 2\n'],
    ['an empty document', 'a: 1\n---\n'],
    ['directions', '%YAML 1.2\n---\na: 1\n'],
    ['a collection over lines that are not indented', 'a: [1,\n2]\n'],
    ['a collection that ends at its key', 'a: [\n  1\n]\n'],
    ['a text over lines in a collection', 'a: [b\n  c]\n'],
    ['a collection that does not end', 'a: [b,\n  c\n'],
    ['nothing', '# only this\n'],
    ['many levels', Array.from({ length: 80 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  ])('is not %s', (_, text) => {
    expect(plainValues(text)).toBeUndefined();
    expect(text.includes('a: 1\na') || plainParts(text) === undefined).toBe(true);
  });

  it('is read alike whatever its lines say', () => {
    const scalar = fc.constantFrom(
      'a',
      'yes',
      'No',
      '~',
      'null',
      '0600',
      '1e3',
      '-',
      '- b',
      '-1',
      '--x',
      '.5',
      'a: b',
      'a:b',
      'a:',
      ':a',
      '"q"',
      '"a: b"',
      "'s'",
      "''",
      '"',
      '[]',
      '{}',
      '[a, b]',
      '[ a,b ]',
      '{a: b}',
      '{ a: [1, "2"] }',
      '{a:b}',
      '[a, {b: c}]',
      '[a,]',
      '[a,',
      '[a, ',
      '[',
      'b]',
      ', b]',
      '{a: b,',
      'c: d}',
      ']',
      '}',
      '{a: }',
      '[-]',
      '[a:b]',
      '[http://x:80/y]',
      'a # c',
      '# c',
      'a#b',
      '"a" # c',
      '"a"#c',
      '@a',
      '%a',
      '`a',
      '?a',
      '? a',
      '!a',
      '&a',
      '*a',
      '|',
      '|',
      '|-',
      '>',
      '>-',
      '>-',
      '>+',
      '|1',
      '| # c',
      '---',
      '...',
      'a "b"',
      "it's",
      '{a: b} c',
      '[a] # c',
      '[a b]',
      '=',
      '<<',
      '1_000',
      '2001-01-01',
      '{n: 1}',
      '[@a]',
      '[yes, no]',
      '{a: 1, a: 2}',
    );
    const key = fc.constantFrom('a', 'b', 'name', 'a.b/c-d', 'y', '1', 'on', '-a', 'a b', '"q"', '<<', '.x', 'A_1', '');
    const line = fc
      .tuple(
        fc.constantFrom(0, 0, 1, 2, 2, 3, 4, 4, 6),
        fc.constantFrom('', '', '- ', '-', '- - ', '-  '),
        fc.option(key),
        fc.constantFrom(': ', ': ', ':', ' : ', ':  '),
        fc.option(scalar),
        fc.constantFrom('', '', ' ', ' # c'),
      )
      .map(
        ([indent, dash, name, colon, value, end]) =>
          `${' '.repeat(indent)}${dash}${name === null ? '' : `${name}${colon}`}${value ?? ''}${end}`,
      );
    const marker = fc.constantFrom('---', '# c', '', '  ', '--- a', '...');
    const text = fc
      .array(fc.oneof({ weight: 9, arbitrary: line }, marker), { maxLength: 7 })
      .chain((lines) => fc.constantFrom('', '\n', '\n\n').map((end) => `${lines.join('\n')}${end}`));
    fc.assert(
      fc.property(text, (written) => void holdAlike(written)),
      { numRuns: 20_000 },
    );
  });

  it('is what indented mappings and lists of any shape are', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd');
    const { tree } = fc.letrec<{ tree: unknown; mapping: unknown; scalar: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        tie('scalar'),
        fc.array(fc.oneof(tie('scalar'), tie('mapping')), { minLength: 1, maxLength: 3 }),
        tie('mapping'),
      ),
      mapping: fc.dictionary(names, tie('tree'), { minKeys: 1, maxKeys: 3 }),
      scalar: fc.constantFrom('text', 7, true, null),
    }));
    const write = (value: unknown, indent: string): string => {
      if (typeof value !== 'object' || value === null) return ` ${value}`;
      const inner = `${indent}  `;
      return Array.isArray(value)
        ? value.map((item) => `\n${indent}- ${write(item, inner).trimStart()}`).join('')
        : Object.entries(value)
            .map(([key, below]) => `\n${indent}${key}:${write(below, inner)}`)
            .join('');
    };
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree, { minKeys: 1 }), (value) => {
        const text = write(value, '').trimStart();
        expect(holdAlike(text), text).toBe(true);
      }),
    );
  });
});
