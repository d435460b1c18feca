import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { substitute } from './kyverno/substitute.ts';
import { compile, judge, pod } from './testing/judge-foreign.ts';

type Document = JsonObject & { kind: string };

const policy = (validate: JsonObject, more: JsonObject = {}): Document => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'p' },
  spec: { rules: [{ name: 'r', match: { any: [{ resources: { kinds: ['*'] } }] }, validate, ...more }] },
});
const nest = (depth: number, leaf: JsonObject['x']): JsonObject['x'] => {
  let value = leaf;
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
};
const quick = <T>(work: () => T): T => {
  const start = performance.now();
  const result = work();
  expect(performance.now() - start).toBeLessThan(5_000);
  return result;
};

describe('policies and objects that mean harm', () => {
  it('are refused where they are nested too deeply, with the place', () => {
    const { policies, unknowns } = quick(() =>
      compile([policy({ pattern: nest(3_000, '{{ request.name }}') as JsonObject })]),
    );
    expect(policies).toEqual([]);
    expect(unknowns).toMatchObject([{ code: 'policy-invalid', message: expect.stringContaining('nested deeper') }]);
  });

  it('end: patterns on deep objects', () => {
    const object = { apiVersion: 'v1', kind: 'Pod', ...(nest(3_000, 1) as JsonObject) };
    const results = quick(() => judge([policy({ pattern: nest(80, 1) as JsonObject })], object));
    expect(results).toMatchObject([{ verdict: 'fail' }]);
  });

  it.each(['{{'.repeat(5_000), '{{ a'.repeat(5_000), '}}'.repeat(5_000), '{{ {{ }} }}', '\\{{ a }}'])(
    'end: braces without end',
    (key) => {
      const deny = { deny: { conditions: { all: [{ key, operator: 'Equals', value: 'x' }] } } };
      expect(quick(() => judge([policy(deny)], pod()))).toHaveLength(1);
    },
  );

  it('end: patterns of wildcards and regular expressions on long texts', () => {
    const text = `${'a'.repeat(50_000)}!`;
    const object = pod({}, { labels: { x: text } });
    const wild = { metadata: { labels: { x: '*a'.repeat(500) } } };
    expect(quick(() => judge([policy({ pattern: wild })], object))).toMatchObject([{ verdict: 'fail' }]);
    const key = "{{ regex_match('(a+)+$', request.object.metadata.labels.x) }}";
    const deny = { deny: { conditions: { all: [{ key, operator: 'Equals', value: true }] } } };
    expect(quick(() => judge([policy(deny)], object))).toMatchObject([{ verdict: 'pass' }]);
  });

  it('end: loops in loops over long lists', () => {
    const list = Array.from({ length: 400 }, (_, n) => n);
    const loop = (depth: number): JsonObject => ({
      list: 'request.object.spec.list',
      ...(depth === 0
        ? { deny: { conditions: { all: [{ key: '{{ element }}', operator: 'Equals', value: -1 }] } } }
        : { foreach: [loop(depth - 1)] }),
    });
    const results = quick(() => judge([policy({ foreach: [loop(5)] })], pod({ list })));
    expect(results).toMatchObject([{ verdict: 'unknown' }]);
  });

  it('end: contexts that grow and contexts that are many', () => {
    const grow = Array.from({ length: 40 }, (_, n) => ({
      name: `v${n}`,
      variable: { value: n === 0 ? 'x'.repeat(1_000) : `{{ v${n - 1} }}{{ v${n - 1} }}` },
    }));
    const deny = { deny: { conditions: { all: [{ key: '{{ v39 }}', operator: 'Equals', value: 'x' }] } } };
    expect(quick(() => judge([policy(deny, { context: grow })], pod()))).toMatchObject([
      { verdict: 'unknown', message: expect.stringContaining('too long') },
    ]);
    const many = Array.from({ length: 5_000 }, (_, n) => ({ name: `v${n}`, variable: { value: n } }));
    expect(judge([policy(deny, { context: many })], pod())).toMatchObject([{ verdict: 'unknown' }]);
  });

  it.each([
    ['{{ a }}', 'Equals', '{{ b }}'],
    ['{{ a }}', 'AnyIn', ['x']],
    ['{{ a }}', 'GreaterThan', 5],
    ['x{{ a }}', 'Equals', 'x'],
    ["{{ replace_all(text, 'x', text) }}", 'Equals', 'x'],
  ])('end: values that hold themselves many times: %s %s %s', (key, operator, value) => {
    const twice = `\`1\` | ${Array.from({ length: 40 }, () => '[@, @]').join(' | ')}`;
    const context: JsonObject[] = [
      { name: 'a', variable: { jmesPath: twice } },
      { name: 'b', variable: { jmesPath: twice } },
      { name: 'text', variable: { value: 'x'.repeat(100_000) } },
    ];
    const deny = { deny: { conditions: { all: [{ key, operator, value }] } } };
    expect(quick(() => judge([policy(deny, { context })], pod()))).toMatchObject([{ verdict: 'unknown' }]);
    const pattern = { pattern: { spec: { x: '{{ a }}' } } };
    expect(quick(() => judge([policy(pattern, { context })], pod({ x: [] })))).toMatchObject([{ verdict: 'unknown' }]);
  });

  it('pollute nothing', () => {
    const object = JSON.parse(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"__proto__":"x"}},"spec":{}}',
    );
    const pattern = JSON.parse('{"metadata":{"labels":{"__proto__":"x"}},"__proto__":{"polluted":true}}');
    expect(judge([policy({ pattern })], object)).toHaveLength(1);
    const filled = substitute(JSON.parse('{"__proto__":{"polluted":"{{ a }}"}}'), () => 'x');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(filled as object)).toEqual(['__proto__']);
    const context = [{ name: '__proto__', variable: { value: { polluted: true } } }];
    expect(judge([policy({ pattern: { a: '{{ polluted }}' } }, { context })], pod())).toMatchObject([
      { verdict: 'unknown' },
    ]);
  });

  it('are judged whatever stands where: metadata, lists and kinds of another shape', () => {
    const shapes = [null, 1, 'x', [], {}] as JsonObject['x'][];
    for (const metadata of shapes) {
      for (const spec of shapes) {
        const object = { apiVersion: 'v1', kind: 'Pod', metadata, spec } as JsonObject;
        const documents: Document[] = [
          policy({ pattern: { spec: { containers: [{ image: '?*' }] } } }),
          {
            ...policy({ deny: { conditions: { all: [{ key: '{{ images }}', operator: 'Equals', value: 'x' }] } } }),
            metadata: { name: 'q' },
          } as Document,
          {
            apiVersion: 'policies.kyverno.io/v1',
            kind: 'ValidatingPolicy',
            metadata: { name: 'v' },
            spec: { validations: [{ expression: 'images.containers.size() == 0 && namespaceObject != null' }] },
          },
        ];
        expect(judge(documents, object).length).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
