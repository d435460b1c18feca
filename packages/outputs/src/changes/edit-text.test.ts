import { editObject, type FieldEdit, type Json, type JsonObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Node, parse } from 'yaml';
import { editDocument, type TextTarget } from './edit-text.ts';
import { partEdits } from './part-edits.ts';
import { renderBlock, renderFlow } from './render-yaml.ts';
import { unifiedDiff } from './unified-diff.ts';
import { parseOne, plainValue } from './yaml-document.ts';

const target: TextTarget = { document: 0, pointer: [], kind: 'Pod', name: 'cart', json: false };
const set = (value: Json, ...pointer: (string | number)[]): FieldEdit => ({ operation: 'set', pointer, value });
const remove = (...pointer: (string | number)[]): FieldEdit => ({ operation: 'remove', pointer });
const head = 'kind: Pod\nmetadata: {name: cart}\n';

const editText = (text: string, at: TextTarget, edits: readonly FieldEdit[]): string =>
  editDocument(text, at.document, [{ target: at, edits }]);

/** Edits a body behind a head whose lines end as the body's do. */
function edit(body: string, ...edits: FieldEdit[]): string {
  const start = body.includes('\r\n') ? head.replaceAll('\n', '\r\n') : head;
  const after = editText(start + body, target, edits);
  expect(after.startsWith(start)).toBe(true);
  return after.slice(start.length);
}

describe('editDocument', () => {
  it.each<[what: string, before: string, edit: FieldEdit, after: string]>([
    ['a scalar in place', 'a: 1 # one\nb: 2\n', set(5, 'a'), 'a: 5 # one\nb: 2\n'],
    ['a text in its quotes', "a: 'x' # c\n", set('it', 'a'), "a: 'it' # c\n"],
    ['a text in double quotes', 'a: "x"\n', set('y', 'a'), 'a: "y"\n'],
    ['a text that looks like something else', 'a: x\n', set('yes', 'a'), 'a: "yes"\n'],
    ['a value that was empty', 'a:\nb: 2\n', set(1, 'a'), 'a: 1\nb: 2\n'],
    ['a block text', 'a: |\n  one\n  two\nb: 1\n', set('x', 'a'), 'a: x\nb: 1\n'],
    [
      'a key at the end',
      'spec:\n    a: 1 # c\n# end\nb: 2\n',
      set(2, 'spec', 'm'),
      'spec:\n    a: 1 # c\n    m: 2\n# end\nb: 2\n',
    ],
    [
      'parents that are missing',
      'spec:\n    a: 1\n',
      set(false, 'spec', 's', 'p'),
      'spec:\n    a: 1\n    s:\n        p: false\n',
    ],
    [
      'a key in a list item',
      'l:\n- name: x\n  a: 1\n- name: y\n',
      set(2, 'l', 0, 'b'),
      'l:\n- name: x\n  a: 1\n  b: 2\n- name: y\n',
    ],
    ['a list as the file indents them', 'l:\n  - 1\n', set(['x'], 'm'), 'l:\n  - 1\nm:\n  - x\n'],
    ['an item', 'l:\n  - a # c\n', set('b', 'l', 1), 'l:\n  - a # c\n  - b\n'],
    ['a key in braces', 'm: {a: 1}\n', set(2, 'm', 'b'), 'm: {a: 1, b: 2}\n'],
    ['a key in empty braces', 'm: {}\n', set(2, 'm', 'b'), 'm: {b: 2}\n'],
    ['a mapping over nothing', 'm: # later\nb: 1\n', set(2, 'm', 'a'), 'm:\n  a: 2 # later\nb: 1\n'],
    ['an item in brackets', 'l: [ a, b ]\n', set('c', 'l', 2), 'l: [ a, b, c ]\n'],
    ['a last line without break', 'a: 1\nb: 2', set(3, 'c'), 'a: 1\nb: 2\nc: 3'],
    [
      'lines that end as in Windows',
      'm:\r\n  a: 1\r\nb: 2\r\n',
      set(3, 'm', 'c'),
      'm:\r\n  a: 1\r\n  c: 3\r\nb: 2\r\n',
    ],
  ])('sets %s', (_, before, change, after) => {
    expect(edit(before, change)).toBe(after);
  });

  it.each<[what: string, before: string, edit: FieldEdit, after: string]>([
    ['a line with its comment', 'a: 1\nb: 2 # two\n# three\nc: 3\n', remove('b'), 'a: 1\n# three\nc: 3\n'],
    ['a block', 'a: 1\nb:\n  x: 1\n  y:\n  - 2\nc: 3\n', remove('b'), 'a: 1\nc: 3\n'],
    ['the only key of a mapping', 'm: # why\n  a: 1\nb: 2\n', remove('m', 'a'), 'm: {} # why\nb: 2\n'],
    ['the only item of a list', 'l:\n- a\nb: 2\n', remove('l', 0), 'l: []\nb: 2\n'],
    ['the first key of an item', 'l:\n- a: 1\n  b: 2\n', remove('l', 0, 'a'), 'l:\n- b: 2\n'],
    ['the only key of an item', 'l:\n- a: 1\n- b: 2\n', remove('l', 0, 'a'), 'l:\n- {}\n- b: 2\n'],
    ['an item', 'l:\n- a: 1\n  b: 2\n- c: 3\n', remove('l', 0), 'l:\n- c: 3\n'],
    ['a key in braces', 'm: {a: 1, b: 2, c: 3}\n', remove('m', 'b'), 'm: {a: 1, c: 3}\n'],
    ['the last key in braces', 'm: {a: 1, b: 2}\n', remove('m', 'b'), 'm: {a: 1}\n'],
    ['the only key in braces', 'm: {a: 1}\n', remove('m', 'a'), 'm: {}\n'],
    ['an item in brackets', 'l: [a, b]\n', remove('l', 0), 'l: [b]\n'],
    ['the last line, that has no break', 'a: 1\nb: 2', remove('b'), 'a: 1'],
    ['a block text', 'a: |\n  x\n\nb: 2\n', remove('a'), '\nb: 2\n'],
    ['lines that end as in Windows', 'a: 1\r\nb: 2\r\nc: 3\r\n', remove('b'), 'a: 1\r\nc: 3\r\n'],
    ['nothing where nothing is', 'a: 1\n', remove('b', 'c'), 'a: 1\n'],
  ])('removes %s', (_, before, change, after) => {
    expect(edit(before, change)).toBe(after);
  });

  it('keeps the indentation of JSON', () => {
    const before = '{\n\t"kind": "Pod",\n\t"metadata": { "name": "cart" },\n\t"spec": {\n\t\t"a": 1\n\t}\n}\n';
    const after = editText(before, { ...target, json: true }, [set({ x: true }, 'spec', 'b'), set('z', 'spec', 'a')]);
    expect(JSON.parse(after)).toMatchObject({ spec: { a: 'z', b: { x: true } } });
    expect(after.split('\n').slice(0, 4)).toEqual(before.split('\n').slice(0, 4));
  });

  it('edits the right document of a stream and the right object of a list', () => {
    const stream = `# top\n---\nkind: A\n---\nkind: List\nitems:\n- kind: Pod\n  metadata: {name: other}\n- kind: Pod\n  metadata:\n    name: cart\n---\nkind: B\n`;
    const after = editText(stream, { ...target, document: 1, pointer: ['items', 1] }, [set(true, 'spec', 'hostPID')]);
    expect(after).toBe(stream.replace('    name: cart\n', '    name: cart\n  spec:\n    hostPID: true\n'));
  });

  it('removes several items of one list, counted as they were read', () => {
    expect(edit('l:\n- a\n- b # keep\n- c\n', remove('l', 0), remove('l', 2))).toBe('l:\n- b # keep\n');
  });

  it.each([
    ['an alias', 'a: &x {b: 1}\nc: *x\n', set(2, 'c', 'b')],
    ['what an alias refers to', 'a: &x {b: 1}\nc: *x\n', set(2, 'a', 'b')],
    ['a merged mapping', 'a: &x {s: {b: 1, d: 2}}\nc:\n  <<: *x\n', set(2, 'c', 's', 'b')],
    ['another object than the one read', 'metadata: {name: other}\n', set(1, 'a')],
  ])('refuses %s', (_, before, change) => {
    expect(() => edit(before, change)).toThrow();
  });

  const scalar = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('yes', '1e3', '0x1', 'a: b', '- x', '#c', 'é', '~'),
  );
  const key = fc.constantFrom('a', 'b', 'name', 'spec.x', 'app.kubernetes.io/name', 'on', '1', 'with space', 'q"uote');
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Json>,
    ),
  }));
  const object = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;
  const style = fc.record({
    step: fc.constantFrom(2, 4),
    listIndent: fc.constantFrom(0, 2),
    flow: fc.boolean(),
    crlf: fc.boolean(),
    end: fc.boolean(),
  });

  /** Every pointer into a value. */
  function pointersOf(at: Json, base: (string | number)[] = []): (string | number)[][] {
    if (typeof at !== 'object' || at === null) return [base];
    const entries: [string | number, Json][] = Array.isArray(at)
      ? at.map((item, index) => [index, item])
      : Object.entries(at);
    return [base, ...entries.flatMap(([step, child]) => pointersOf(child, [...base, step]))];
  }

  function write(
    whole: JsonObject,
    {
      step,
      listIndent,
      flow,
      crlf,
      end,
    }: { step: number; listIndent: number; flow: boolean; crlf: boolean; end: boolean },
  ): string {
    const lines = flow
      ? Object.entries(whole).map(([name, item]) => `${JSON.stringify(name)}: ${renderFlow(item, false)}`)
      : renderBlock(whole, 0, { step, listIndent, json: false });
    const commented = lines.flatMap((line, index) => [`${/^[ ]*/.exec(line)![0]}# ${index}`, line]);
    return commented.join(crlf ? '\r\n' : '\n') + (end ? (crlf ? '\r\n' : '\n') : '');
  }

  it('says what the edited object says, keeps every comment when it sets, and touches few lines', () => {
    fc.assert(
      fc.property(
        object,
        style,
        fc.nat(),
        fc.option(value, { nil: undefined }),
        fc.constantFrom([], ['new'], ['new', 'deep'], ['l', 0]),
        (body, how, pick, replacement, below) => {
          const whole: JsonObject = { kind: 'Pod', metadata: { name: 'cart' }, spec: body };
          const text = write(whole, how);
          const pointers = pointersOf(body, ['spec']);
          const base = pointers[pick % pointers.length]!;
          const change = replacement === undefined ? remove(...base) : set(replacement, ...base, ...below);
          const after = editText(text, target, [change]);
          expect(parse(after, { logLevel: 'silent' })).toEqual(editObject(whole, [change]));
          const diff = unifiedDiff({ path: 'f', before: text, after }).split('\n').slice(2);
          const gone = diff.filter((line) => line.startsWith('-'));
          const came = diff.filter((line) => line.startsWith('+'));
          if (replacement === undefined) expect(came.length).toBeLessThanOrEqual(1 + (how.end ? 0 : 1));
          if (below.length > 0 && replacement !== undefined && isCollection(whole, base, below[0]))
            expect(gone.length).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 2000 },
    );
  });

  function isCollection(whole: Json, base: (string | number)[], step: string | number | undefined): boolean {
    let at: Json | undefined = whole;
    for (const part of base) at = (at as Record<string | number, Json>)[part];
    return typeof at === 'object' && at !== null && !Array.isArray(at) && typeof step === 'string';
  }
});

describe('what an API server reads', () => {
  it('is what edits are held to: texts that it would read otherwise are quoted', () => {
    const body = 'spec:\n  privileged: yes\n  mode: 0400\n  enabled: on\n  time: 12:30:45\n  day: 2026-11-22\n';
    const texts = Object.fromEntries(['yes', 'on', '0400', 'y', '0b11', '1_000'].map((text, at) => [`k${at}`, text]));
    const after = edit(body, set(texts, 'spec', 'texts'), remove('spec', 'privileged'));
    expect(after).not.toContain('privileged');
    const value = plainValue(parseOne(after)) as { spec: JsonObject };
    expect(value.spec).toEqual({ mode: 256, enabled: true, time: '12:30:45', day: '2026-11-22', texts });
    expect(plainValue(parseOne('privileged: yes\n'))).toEqual({ privileged: true });
  });

  it('does not turn what it is edited beside', () => {
    expect(edit('a: off\nmode: 0644\n', set(false, 'b'))).toBe('a: off\nmode: 0644\nb: false\n');
  });
});

describe('partEdits', () => {
  const items = Array.from({ length: 50 }, (_, at) => `- name: c${at}\n  s: {a: 1}\n  t: {a: 1}\n`).join('');
  const root = parseOne(`l:\n${items}`).contents as Node;

  it('makes edits in collections beside each other from one reading', () => {
    const edits = Array.from({ length: 50 }, (_, at) => [remove('l', at, 's', 'a'), set(2, 'l', at, 't', 'b')]).flat();
    expect(partEdits(root, edits)).toEqual({ apart: edits, others: [] });
  });

  it('keeps those in one collection, or in one that holds the other, for the next, in their order', () => {
    const edits = [set(1, 'l', 0, 's', 'b'), set(2, 'l', 0, 's', 'c'), set(1, 'l', 0, 'u', 'v'), remove('l', 1)];
    expect(partEdits(root, edits)).toEqual({ apart: edits.slice(0, 1), others: edits.slice(1) });
  });
});
