import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonDocument, parseYamlDocuments } from './parse-documents.ts';

const read = (text: string): unknown => parseYamlDocuments(text).documents[0]?.value;

describe('parseYamlDocuments', () => {
  it.each([
    ['yes', true],
    ['Off', false],
    ['y', true],
    ['0644', 420],
    ['0o17', 15],
    ['0x1F', 31],
    ['0b11', 3],
    ['1_000', 1000],
    ['0999', 999],
    ['-0', 0],
    ['.5', 0.5],
    ['1e3', 1000],
    ['2001-01-01', '2001-01-01'],
    ['.inf', '.inf'],
    ['1:30', '1:30'],
    ['"yes"', 'yes'],
    ['!Ref name', 'name'],
    ['!!binary aGk=', 'aGk='],
    ['~', null],
  ])('reads %s as an API server does', (text, value) => {
    expect(read(`a: ${text}\n`)).toEqual({ a: value });
  });

  it('counts documents and lines, empty ones included', () => {
    const { documents, faults } = parseYamlDocuments('# top\n---\n# Source: a.yaml\n---\na: 1\n---\n\n---\n\nb: 2\n');
    expect(faults).toEqual([]);
    expect(documents.filter(({ value }) => value !== null)).toEqual([
      { index: 1, line: 5, value: { a: 1 } },
      { index: 3, line: 10, value: { b: 2 } },
    ]);
  });

  it('loses only the document that is broken, and says where', () => {
    const { documents, faults } = parseYamlDocuments('a: 1\n---\nb: c: d\n---\ne: 2\n');
    expect(documents).toEqual([
      { index: 0, line: 1, value: { a: 1 } },
      { index: 2, line: 4 + 1, value: { e: 2 } },
    ]);
    expect(faults).toMatchObject([{ code: 'yaml-invalid', document: 1, line: 3, column: 5 }]);
  });

  it('takes the last of two equal keys and says so', () => {
    const { documents, faults } = parseYamlDocuments('a: 1\nb: 0\na: 2\n');
    expect(documents[0]?.value).toEqual({ a: 2, b: 0 });
    expect(faults).toMatchObject([{ code: 'yaml-duplicate-key', line: 3, column: 1 }]);
  });

  it('reads quoted texts that go on at the indentation of their key, as API servers do', () => {
    const text = 'spec:\n  config: \'{\n  "name": "x",\n"type": "y"\n  }\'\nkind: A\n---\nkind: [B\n';
    const { documents, faults } = parseYamlDocuments(text);
    expect(documents.map(({ value }) => value)).toEqual([
      { spec: { config: '{ "name": "x", "type": "y" }' }, kind: 'A' },
    ]);
    expect(faults).toMatchObject([{ document: 1 }]);
  });

  it('reads brackets that close at the indentation of their key, with aliases and merges beside them', () => {
    const text = 'x: &x {a: 1}\nz:\n  command: [\n    "b"\n  ]\n  mode: 0400\n  <<: *x\n';
    expect(parseYamlDocuments(text)).toEqual({
      documents: [{ index: 0, line: 1, value: { x: { a: 1 }, z: { command: ['b'], mode: 256, a: 1 } } }],
      faults: [],
    });
  });

  it('refuses __proto__, whatever reads it', () => {
    for (const text of ['__proto__: {a: 1}\n', 'b:\n  c: [\n  1\n  ]\n  __proto__: {a: 1}\n']) {
      expect(parseYamlDocuments(text)).toMatchObject({ documents: [], faults: [{ code: 'yaml-invalid' }] });
    }
    expect(parseJsonDocument('{"__proto__": {"a": 1}}')).toMatchObject({
      documents: [],
      faults: [{ code: 'json-invalid' }],
    });
  });

  it('bounds aliases that multiply and nesting without end', () => {
    const levels = Array.from({ length: 12 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(10)}]`);
    const bomb = `a0: &a0 [${'x, '.repeat(10)}]\n${levels.join('\n')}\n`;
    expect(parseYamlDocuments(bomb)).toMatchObject({ documents: [], faults: [{ code: 'document-too-large' }] });
    expect(parseYamlDocuments('a: &a [*a]\n').documents).toEqual([]);
    expect(parseYamlDocuments('['.repeat(100_000)).documents).toEqual([]);
    expect(parseYamlDocuments('- '.repeat(100_000)).documents).toEqual([]);
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'a: 1\n',
      '---\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a ',
      '"',
      '|\n',
      '  ',
      '\t',
      '? ',
      ': ',
      '!!x ',
      '%YAML 1.2\n',
      '...\n',
      '#',
      '<<: ',
      '\u0000',
      '\r\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const { documents, faults } = parseYamlDocuments(text);
          for (const { line, column } of faults) expect(Math.min(line, column)).toBeGreaterThan(0);
          expect(() => JSON.stringify(documents)).not.toThrow();
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads every JSON text as JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false } as object), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(JSON.stringify(parseJsonDocument(text).documents[0]?.value)).toBe(text);
      }),
    );
  });
});

describe('parseJsonDocument', () => {
  it('reads comments and commas that some files carry, and says where a fault is', () => {
    expect(parseJsonDocument('{\n  "a": 1, # x\n}\n').documents[0]?.value).toEqual({ a: 1 });
    expect(parseJsonDocument('{\n  "a": 1,\n  "b" 2\n}\n').faults).toMatchObject([{ code: 'json-invalid', line: 3 }]);
  });
});
