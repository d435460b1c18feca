import type { Json, JsonObject, Policy, Rule } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePolicies } from './evaluate.ts';
import { loadPolicies } from './load-policies.ts';
import { container, deployment, evaluate, NOW, policy } from './testing/sample-policies.ts';

const PLACE = { source: 'role.yaml', document: 0 };

const role: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'a', namespace: 'shop', annotations: { safe: 'x', 'a/b': 'bad' } },
  rules: [
    { verbs: ['get'], resources: ['pods'] },
    { verbs: ['get', '*'], resources: ['secrets'] },
  ],
};

/** Element, message and path of each failure. */
function told(rule: Omit<Rule, 'message'>, object: JsonObject = role): unknown[] {
  const message = rule.each === undefined ? "'no'" : rule.each === 'containers' ? 'c.name' : 'string(key)';
  return evaluate([policy('p', [{ message, ...rule }])], { object, place: PLACE })
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ verdict, element, message: text, place }) => [verdict, element, text, place?.pointer]);
}

describe('each', () => {
  it('goes through a list of the object, with the path of each element', () => {
    expect(told({ each: 'object.rules', expr: "'*' in item['verbs']" })).toEqual([['fail', '[1]', '1', ['rules', 1]]]);
  });

  it('finds the path of what an expression picks from the object', () => {
    const each = "object.rules.filter(r, 'secrets' in r.resources)";
    expect(told({ each, expr: "'*' in item['verbs']" })).toEqual([['fail', '[0]', '0', ['rules', 1]]]);
  });

  it('goes through maps, by key', () => {
    expect(told({ each: 'object.metadata.annotations', expr: "item == 'bad'" })).toEqual([
      ['fail', 'a/b', 'a/b', ['metadata', 'annotations', 'a/b']],
    ]);
  });

  it('names elements by their name, or by what they are', () => {
    const object: JsonObject = { kind: 'X', list: [{ name: 'first' }, { name: 'second' }], texts: ['one', 'two'] };
    expect(told({ each: 'object.list', expr: 'true' }, object).map((each) => (each as string[])[1])).toEqual([
      'first',
      'second',
    ]);
    expect(told({ each: 'object.texts', expr: "item == 'two'" }, object)).toEqual([['fail', 'two', '1', ['texts', 1]]]);
  });

  it('has nothing to say of an empty list, and is undecided without one', () => {
    expect(told({ each: 'object.rules', expr: 'true' }, { kind: 'Role', rules: [] })).toEqual([]);
    const undecided = (object: JsonObject): unknown[] =>
      told({ each: 'object.rules', expr: 'true' }, object).map((each) => (each as unknown[])[0]);
    expect(undecided({ kind: 'Role' })).toEqual(['unknown']);
    expect(undecided({ kind: 'Role', rules: 'all' })).toEqual(['unknown']);
    expect(told({ each: 'object.?rules.orValue([])', expr: 'true' }, { kind: 'Role' })).toEqual([]);
  });
});

describe('field', () => {
  const rule = (field: string | string[]): Omit<Rule, 'message'> => ({
    each: 'containers',
    expr: "c.name == 'proxy'",
    field,
  });
  const pod = ['spec', 'template', 'spec'];
  const object = deployment(container('web', false), container('proxy', true));
  const pointer = (field: string | string[]): unknown => (told(rule(field), object)[0] as unknown[])[3];

  it('is where the fault is told', () => {
    expect(pointer('c.securityContext.privileged')).toEqual([...pod, 'containers', 1, 'securityContext', 'privileged']);
    expect(pointer("object.metadata.labels['team']")).toEqual(['metadata', 'labels', 'team']);
    expect(pointer('workload.pod.initContainers[0].image')).toEqual([...pod, 'initContainers', 0, 'image']);
    const item = { each: 'object.rules', expr: "'*' in item.verbs", field: 'item.verbs' };
    expect(told(item)).toEqual([['fail', '[1]', '1', ['rules', 1, 'verbs']]]);
  });

  it('of several is the first that is written, else what would hold it', () => {
    expect(pointer(['c.securityContext.runAsUser', 'c.image'])).toEqual([...pod, 'containers', 1, 'image']);
    expect(pointer(['c.securityContext.runAsUser', 'c.none'])).toEqual([...pod, 'containers', 1, 'securityContext']);
    expect(pointer('object.metadata.none.deeper')).toEqual(['metadata']);
  });
});

describe('variables', () => {
  it('are evaluated once, when they are needed, and may use those before them', () => {
    const variables = [
      { name: 'names', expression: 'containers.map(x, x.name)' },
      { name: 'entries', expression: 'size(variables.names)' },
      { name: 'broken', expression: 'object.none.at.all' },
    ];
    const many = policy('many', [{ expr: 'variables.entries > 1', message: "'names: ' + variables.names.join(',')" }], {
      variables,
    });
    expect(evaluate([many], { object: deployment(container('web', false)) })).toMatchObject([
      { verdict: 'fail', message: 'names: web,init' },
    ]);
    const uses = policy('uses', [{ expr: 'variables.broken', message: "'no'" }], { variables });
    expect(evaluate([uses], { object: deployment() })).toMatchObject([{ verdict: 'unknown' }]);
  });

  it('may have names that every object answers to', () => {
    const names = ['entries', 'constructor', 'length', '__proto__', 'toString'];
    const variables = names.map((name, index) => ({ name, expression: String(index) }));
    const expr = names.map((name, index) => `variables.${name} == ${index}`).join(' && ');
    expect(
      evaluate([policy('p', [{ expr, message: "'yes'" }], { variables })], { object: { kind: 'X' } }),
    ).toMatchObject([{ verdict: 'fail', message: 'yes' }]);
  });

  it('make a policy that uses containers by way of them one on workloads', () => {
    const variables = [{ name: 'names', expression: 'containers.map(x, x.name)' }];
    const uses = policy('uses', [{ expr: 'size(variables.names) > 5', message: "'no'" }], { variables });
    expect(evaluate([uses], { object: { kind: 'ConfigMap' } })).toEqual([]);
  });
});

describe('params', () => {
  const rules: Rule[] = [{ expr: 'object.spec.replicas > params.most', message: "'more than ' + string(params.most)" }];
  const object: JsonObject = { kind: 'Deployment', spec: { replicas: 3 } };

  it('are the policy’s own, or what the caller supplies where it has none', () => {
    expect(evaluate([policy('p', rules, { params: { most: 2 } })], { object })).toMatchObject([
      { verdict: 'fail', message: 'more than 2' },
    ]);
    expect(evaluate([policy('p', rules)], { object, facts: { params: { most: 5 } } })).toMatchObject([
      { verdict: 'pass' },
    ]);
    expect(evaluate([policy('p', rules)], { object })).toMatchObject([{ verdict: 'unknown', missing: ['params'] }]);
  });
});

describe('loading', () => {
  const refused = (rules: Rule[], changes: Partial<Policy['spec']> = {}): unknown[] =>
    loadPolicies([{ policy: policy('p', rules, changes), place: { source: 'p.yaml' } }]).unknowns.map(
      ({ message, place }) => [place.pointer?.join('.'), message],
    );
  const rule = (expr: string, changes: Partial<Rule> = {}): Rule[] => [{ expr, message: "'no'", ...changes }];
  const digits = '[0,1,2,3,4,5,6,7,8,9]';
  const loops = (list: string, depth: number): string =>
    depth === 0 ? 'true' : `${list}.all(x${depth}, ${loops(list, depth - 1)})`;

  it.each<[string, Rule[], Partial<Policy['spec']>, string, RegExp]>([
    ['a type error', rule("1 + 'a' == 2"), {}, 'spec.forbid.0.expr', /no matching overload|no such overload|1:3/],
    ['a list with a fault', rule('true', { each: 'object.(' }), {}, 'spec.forbid.0.each', /1:8/],
    ['item without a list', rule('item == 1'), {}, 'spec.forbid.0.expr', /undeclared reference to 'item'/],
    ['c in a list of its own', rule('c == 1', { each: 'object.x' }), {}, 'spec.forbid.0.expr', /'c'/],
    ['a field that is no path', rule('true', { field: 'object..x' }), {}, 'spec.forbid.0.field', /no path/],
    ['a field of no element', rule('true', { field: ['c.image'] }), {}, 'spec.forbid.0.field.0', /not go through/],
    ['variables without a name', rule("variables['x'] == 1"), {}, 'spec.forbid.0.expr', /read by its name/],
    ['a variable that there is not', rule('variables.x'), {}, 'spec.forbid.0.expr', /no variable x/],
    [
      'a variable that comes later',
      rule('true'),
      {
        variables: [
          { name: 'a', expression: 'variables.b' },
          { name: 'b', expression: '1' },
        ],
      },
      'spec.variables.0.expression',
      /no variable b before it/,
    ],
    [
      'a condition with a fault',
      rule('true'),
      { match: { conditions: [{ name: 'a', expr: 'nobody' }] } },
      'spec.match.conditions.0.expr',
      /undeclared/,
    ],
    [
      'a selector without values',
      rule('true'),
      { match: { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } } },
      'spec.match.namespaceSelector.matchExpressions.0.values',
      /needs values/,
    ],
    ['loops that cost too much', rule(loops(digits, 8)), {}, 'spec.forbid.0.expr', /may cost .* units/],
    ['loops over what is judged', rule(loops('object.list', 6)), {}, 'spec.forbid.0.expr', /may cost .* units/],
    [
      'a costly message',
      rule('true', { message: `${loops(digits, 8)} ? 'a' : 'b'` }),
      {},
      'spec.forbid.0.message',
      /cost/,
    ],
  ])('refuses %s with its place', (_, rules, changes, pointer, message) => {
    expect(refused(rules, changes)).toEqual([[pointer, expect.stringMatching(message)]]);
  });

  it('never throws, whatever stands in a document and in what is judged', () => {
    const words = [
      'object',
      'item',
      'c',
      'variables.a',
      'params',
      '.',
      '?',
      '[',
      ']',
      '(',
      ')',
      ' in ',
      "'x'",
      '1',
      '&&',
      '!',
    ];
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words, 'all(x, x)', '.rules'), { maxLength: 8 }).map((parts) => parts.join('')),
    );
    const some = fc.record(
      {
        each: text,
        expr: text,
        message: text,
        field: text,
        name: text,
        variable: text,
        condition: text,
        object: fc.anything(),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(some, ({ each, expr, message, field, name, variable, condition, object }) => {
        const broken = policy('p', [{ each, expr, message, field }], {
          variables: [{ name: 'a', expression: variable }],
          match: { conditions: [{ name, expr: condition }] },
        });
        const { policies } = loadPolicies([{ policy: broken, place: { source: 'p.yaml' } }]);
        const subject = { id: 's', object: object as JsonObject, place: { source: 'o.yaml' } };
        expect(Array.isArray(evaluatePolicies(policies, subject, 'build', [], NOW))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('takes loops over four lists of what is judged', () => {
    expect(refused(rule(loops('object.list', 4)))).toEqual([]);
  });

  it('ends an evaluation that costs too much, and says so', () => {
    const list: Json[] = Array.from({ length: 3_000 }, (_, index) => index);
    const started = performance.now();
    const results = evaluate([policy('p', rule('object.list.all(x, object.list.all(y, x * y >= 0))'))], {
      object: { kind: 'X', list },
    });
    expect(results).toMatchObject([
      { verdict: 'unknown', message: expect.stringContaining('cost of the expression exceeds') },
    ]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('gives all elements of a list together what one policy may cost', () => {
    const list: Json[] = Array.from({ length: 1_000 }, () => Array.from({ length: 1_000 }, (_, index) => index));
    const costly = rule('item.all(x, x * x * x * x * x >= 0)', { each: 'object.list' });
    const results = evaluate([policy('p', [{ ...costly[0]!, expr: `!${costly[0]!.expr}` }])], {
      object: { kind: 'X', list },
    });
    expect(results.length).toBeGreaterThan(200);
    expect(results.every(({ verdict }) => verdict === 'unknown')).toBe(true);
  });
});
