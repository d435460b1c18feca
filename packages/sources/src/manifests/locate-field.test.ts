import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { fieldLocator } from './locate-field.ts';
import { eventFinder } from './locate-in-events.ts';
import { treeFinder } from './locate-in-tree.ts';

const TEXT = `# top
kind: A
---
kind: Pod
spec:
  containers:
  - name: a
  - name: b
    securityContext: {privileged: true}
`;

describe('fieldLocator', () => {
  it.each<[pointer: (string | number)[], line: number, column: number]>([
    [['spec', 'containers', 1, 'securityContext', 'privileged'], 9, 23],
    [['spec', 'containers', 1], 8, 5],
    [['spec', 'containers'], 6, 3],
    [[], 4, 1],
  ])('finds %j', (pointer, line, column) => {
    expect(fieldLocator(TEXT)(1, pointer)).toEqual({ line, column });
  });

  it('points at the nearest ancestor of a field that is missing', () => {
    expect(fieldLocator(TEXT)(1, ['spec', 'containers', 0, 'securityContext', 'privileged'])).toEqual({
      line: 7,
      column: 5,
    });
    expect(fieldLocator(TEXT)(1, ['spec', 'hostPID'])).toEqual({ line: 5, column: 1 });
  });

  it('reads JSON, and answers for documents that are not there', () => {
    expect(fieldLocator('{\n  "a": {\n    "b": 1\n  }\n}\n')(0, ['a', 'b'])).toEqual({ line: 3, column: 5 });
    expect(fieldLocator('a: 1\n')(7, ['a'])).toEqual({ line: 1, column: 1 });
  });

  it('reads what the strict parser refuses', () => {
    const text = 'kind: Pod\nspec: {\n  hostPID: true,\n}\nnot: [closed\n';
    expect(fieldLocator(text)(0, ['spec', 'hostPID'])).toEqual({ line: 3, column: 3 });
  });

  it('finds what an alias or a merge key brings where it is written', () => {
    const text = `base: &base\n  image: x\n  "quoted": 1\nweb:\n  <<: *base\nother: *base\nlist:\n- *base\n`;
    const locate = fieldLocator(text);
    expect(locate(0, ['web', 'image'])).toEqual({ line: 2, column: 3 });
    expect(locate(0, ['other', 'quoted'])).toEqual({ line: 3, column: 3 });
    expect(locate(0, ['list', 0])).toEqual({ line: 8, column: 3 });
    expect(locate(0, ['list', 0, 'image'])).toEqual({ line: 2, column: 3 });
  });

  it('answers at once where merge keys lead to many merge keys', () => {
    const levels = Array.from(
      { length: 20 },
      (_, index) => `a${index + 1}: &a${index + 1} {<<: [${Array(9).fill(`*a${index}`)}]}`,
    );
    const locate = fieldLocator(['a0: &a0 {x: 1}', ...levels, ''].join('\n'));
    expect(locate(0, ['a20', 'nothing'])).toEqual({ line: 21, column: 1 });
  });

  it('finds by events what the syntax tree finds', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), tie('list'), tie('map')),
      list: fc.array(tie('any'), { maxLength: 3 }),
      map: fc.dictionary(
        fc.string({ minLength: 1, maxLength: 4 }).filter((key) => key !== '__proto__'),
        tie('any'),
        { maxKeys: 3 },
      ),
    })).map;
    fc.assert(
      fc.property(value, fc.boolean(), (written, flow) => {
        const text = stringify(written, flow ? { collectionStyle: 'flow' } : {});
        const byEvents = eventFinder(text);
        const byTree = treeFinder(text);
        for (const pointer of pointersOf(written))
          expect([pointer, byEvents(0, pointer)]).toEqual([pointer, byTree(0, pointer)]);
      }),
    );
  });
});

function pointersOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [[], ...entries.flatMap(([key, inner]) => pointersOf(inner).map((rest) => [key, ...rest]))];
}
