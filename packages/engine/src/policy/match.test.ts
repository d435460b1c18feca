import type { JsonObject, Policy, PolicyResult, Verdict } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, policy } from './testing/sample-policies.ts';

/** Fails for everything that it matches. */
const everything = (match: Policy['spec']['match']): Policy =>
  policy('everything', [{ expr: 'object == object', message: "'no'" }], { match });

const ingress: JsonObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop', labels: { team: 'a' } },
};

const verdicts = (match: Policy['spec']['match'], facts: Record<string, unknown> = {}, object = ingress): Verdict[] =>
  evaluate([everything(match)], { object, facts }).map(({ verdict }) => verdict);

describe('match', () => {
  it('tells kinds of the same name apart by their group', () => {
    expect(verdicts({ kinds: ['Ingress'], apiGroups: ['networking.k8s.io'] })).toEqual(['fail']);
    expect(verdicts({ kinds: ['Ingress'], apiGroups: ['config.openshift.io', ''] })).toEqual([]);
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };
    expect(verdicts({ apiGroups: [''] }, {}, service)).toEqual(['fail']);
  });

  it.each<[string, Policy['spec']['match'], string | undefined, boolean]>([
    ['a manifest counts as created', {}, undefined, true],
    ['a manifest is not deleted', { operations: ['DELETE', 'CONNECT'] }, undefined, false],
    ['creation and update when nothing is said', {}, 'UPDATE', true],
    ['no deletion when nothing is said', {}, 'DELETE', false],
    ['deletion when it is', { operations: ['DELETE'] }, 'DELETE', true],
    ['nothing else then', { operations: ['DELETE'] }, 'CREATE', false],
  ])('operations: %s', (_, match, operation, expected) => {
    const facts = operation === undefined ? {} : { request: { operation } };
    expect(verdicts(match, facts)).toEqual(expected ? ['fail'] : []);
  });

  it('of a deletion looks at what is deleted, and `object` is null', () => {
    const asks = policy('asks', [{ expr: "object == null && oldObject.metadata.name == 'web'", message: "'no'" }], {
      match: { operations: ['DELETE'], kinds: ['Ingress'], namespaces: { include: ['shop'] } },
    });
    const facts = { request: { operation: 'DELETE' }, oldObject: ingress };
    expect(evaluate([asks], { facts }).map(({ verdict }) => verdict)).toEqual(['fail']);
  });

  it('finds a namespace in none, though its requests carry its name', () => {
    const facts = { request: { operation: 'CREATE', namespace: 'a' } };
    const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } };
    expect(verdicts({ namespaces: { include: ['a'] } }, facts, own)).toEqual([]);
    expect(verdicts({ namespaces: { exclude: ['a'] } }, facts, own)).toEqual(['fail']);
    const other = { ...own, apiVersion: 'tenants.example/v1' };
    expect(verdicts({ namespaces: { include: ['a'] } }, facts, other)).toEqual(['fail']);
  });

  it('passes over what controllers report of an object', () => {
    expect(verdicts({}, { request: { operation: 'UPDATE', subResource: 'status' } })).toEqual([]);
    expect(verdicts({}, { request: { operation: 'UPDATE', subResource: 'ephemeralcontainers' } })).toEqual(['fail']);
  });

  it('sees the labels before an update too: taking one away is no way out', () => {
    const relabelled = { ...ingress, metadata: { name: 'web', labels: { team: 'none' } } };
    const facts = { request: { operation: 'UPDATE' }, oldObject: ingress };
    expect(verdicts({ labels: { team: 'a' } }, facts, relabelled)).toEqual(['fail']);
    expect(verdicts({ labels: { team: 'b' } }, facts, relabelled)).toEqual([]);
  });

  it('keeps policies on events to events', () => {
    const onExec = policy('on-exec', [{ expr: "event.type == 'exec'", message: "'no'" }], {
      match: { events: ['exec'] },
    });
    const told = (facts: Record<string, unknown>): Verdict[] =>
      evaluate([onExec, everything({})], { object: ingress, facts }).map(({ verdict }) => verdict);
    expect(told({ event: { type: 'exec' } })).toEqual(['fail']);
    expect(told({ event: { type: 'open' } })).toEqual([]);
    expect(evaluate([onExec], { object: ingress })).toEqual([]);
  });
});

describe('namespaceSelector', () => {
  const selector = { matchExpressions: [{ key: 'tier', operator: 'NotIn' as const, values: ['system'] }] };
  const namespace = (labels: JsonObject): Record<string, unknown> => ({ namespaceObject: { metadata: { labels } } });

  it('looks at the labels of the namespace, and is undecided where they are not known', () => {
    const match = { namespaceSelector: selector };
    expect(verdicts(match, namespace({ tier: 'shop' }))).toEqual(['fail']);
    expect(verdicts(match, namespace({}))).toEqual(['fail']);
    expect(verdicts(match, namespace({ tier: 'system' }))).toEqual([]);
    expect(verdicts(match)).toEqual(['unknown']);
    expect(evaluate([everything(match)], { object: ingress })[0]?.missing).toEqual(['namespaceObject']);
  });

  it('knows the name of a namespace without its object, and decides where that suffices', () => {
    const named = (name: string, matchLabels: Record<string, string> = {}): Verdict[] =>
      verdicts({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name, ...matchLabels } } });
    expect(named('shop')).toEqual(['fail']);
    expect(named('ci')).toEqual([]);
    expect(named('ci', { tier: 'x' })).toEqual([]);
    expect(named('shop', { tier: 'x' })).toEqual(['unknown']);
  });

  it('holds a namespace against its own labels, and what is in none matches', () => {
    const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels: { tier: 'system' } } };
    expect(verdicts({ namespaceSelector: selector }, {}, own)).toEqual([]);
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'a' } };
    expect(verdicts({ namespaceSelector: selector }, {}, role)).toEqual(['fail']);
  });

  it('selects with an expression what it leaves out with its opposite', () => {
    const labels = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.constantFrom('x', 'y'));
    const pairs = fc.constantFrom(['In', 'NotIn'] as const, ['Exists', 'DoesNotExist'] as const);
    const values = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 });
    fc.assert(
      fc.property(labels, pairs, fc.constantFrom('a', 'b', 'c'), values, (own, [one, opposite], key, wanted) => {
        const isSelected = (operator: typeof one | typeof opposite): boolean => {
          const takes = operator === 'In' || operator === 'NotIn';
          const expression = { key, operator, ...(takes ? { values: wanted } : {}) };
          return verdicts({ namespaceSelector: { matchExpressions: [expression] } }, namespace(own)).length > 0;
        };
        expect(isSelected(one)).toBe(!isSelected(opposite));
      }),
    );
  });
});

describe('conditions', () => {
  const match = (...exprs: string[]): Policy['spec']['match'] => ({
    conditions: exprs.map((expr, index) => ({ name: `c${index}`, expr })),
  });

  it('let a policy hold where all are true', () => {
    expect(verdicts(match("object.kind == 'Ingress'", "object.metadata.name == 'web'"))).toEqual(['fail']);
    expect(verdicts(match("object.kind == 'Ingress'", 'false'))).toEqual([]);
  });

  it('are undecided where one is, unless another says no', () => {
    const told = (...exprs: string[]): PolicyResult[] => evaluate([everything(match(...exprs))], { object: ingress });
    expect(told("request.operation == 'CREATE'")).toMatchObject([{ verdict: 'unknown', missing: ['request'] }]);
    expect(told("request.operation == 'CREATE'", 'false')).toEqual([]);
    expect(told('object.spec.none == 1')).toMatchObject([{ verdict: 'unknown' }]);
  });
});

describe('selectors', () => {
  const parts = fc.record(
    {
      kinds: fc.array(fc.constantFrom('Ingress', 'Pod')),
      apiGroups: fc.array(fc.constantFrom('networking.k8s.io', '')),
      namespaces: fc.record(
        { include: fc.array(fc.constantFrom('shop', 's*', '*', 'x')), exclude: fc.array(fc.constantFrom('x', 'shop')) },
        { requiredKeys: [] },
      ),
      labels: fc.dictionary(fc.constantFrom('team', 'x'), fc.constantFrom('a', 'b')),
    },
    { requiredKeys: [] },
  );

  it('match all that each part matches and nothing else', () => {
    fc.assert(
      fc.property(parts, (match) => {
        const each = Object.entries(match).map(([name, value]) => verdicts({ [name]: value }).length === 1);
        expect(verdicts(match)).toEqual(each.every(Boolean) ? ['fail'] : []);
      }),
    );
  });

  it('that name nothing match nothing, and those that say nothing match all', () => {
    expect(verdicts({ kinds: [] })).toEqual([]);
    expect(verdicts({ namespaces: { include: [] } })).toEqual([]);
    expect(verdicts({ namespaces: { exclude: [] }, labels: {} })).toEqual(['fail']);
    expect(verdicts({ namespaces: { exclude: ['*'] } })).toEqual([]);
  });
});
