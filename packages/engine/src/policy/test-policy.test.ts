import type { Policy, PolicyCase, Rule } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { loadPolicies } from './load-policies.ts';
import { testPolicy, untestedRules } from './test-policy.ts';
import { policy } from './testing/sample-policies.ts';

const replicas = (count: number): PolicyCase['given'] => ({
  object: { kind: 'Deployment', spec: { replicas: count } },
});

function compiled(rules: Rule[], cases: PolicyCase[], changes: Partial<Policy['spec']> = {}) {
  const { policies } = loadPolicies([
    { policy: policy('p', rules, { cases, ...changes }), place: { source: 'p.yaml' } },
  ]);
  return policies[0]!;
}

const few: Rule = { expr: 'object.spec.replicas > 2', message: "'no'" };
const many: Rule = { expr: 'object.spec.replicas < 1', message: "'no'" };

describe('untestedRules', () => {
  it('names rules that no case shows from both sides', () => {
    const cases: PolicyCase[] = [
      { name: 'three', given: replicas(3), verdict: 'fail' },
      { name: 'one', given: replicas(1), verdict: 'pass' },
    ];
    expect(untestedRules(compiled([few], cases))).toEqual([]);
    expect(untestedRules(compiled([few, many], cases))).toEqual([
      { policy: 'p', list: 'forbid', index: 1, lacks: ['fail'] },
    ]);
    expect(untestedRules(compiled([few], []))).toMatchObject([{ lacks: ['fail', 'pass'] }]);
  });

  it('counts no case that the policy does not apply to', () => {
    const cases: PolicyCase[] = [
      { name: 'three', given: replicas(3), verdict: 'fail' },
      { name: 'a pod', given: { object: { kind: 'Pod' } }, verdict: 'pass' },
    ];
    expect(untestedRules(compiled([few], cases, { match: { kinds: ['Deployment'] } }))).toMatchObject([
      { lacks: ['pass'] },
    ]);
  });
});

describe('testPolicy', () => {
  it('takes parameters from the case where it gives some', () => {
    const rule: Rule = { expr: 'object.spec.replicas > params.most', message: "'no'" };
    const cases: PolicyCase[] = [
      { name: 'its own', given: replicas(3), verdict: 'fail' },
      { name: 'the case’s', given: { ...replicas(3), params: { most: 5 } }, verdict: 'pass' },
    ];
    expect(testPolicy(compiled([rule], cases, { params: { most: 2 } })).map(({ passed }) => passed)).toEqual([
      true,
      true,
    ]);
  });

  it('takes the policy’s own parameters, whatever settings say', () => {
    const rule: Rule = { expr: 'object.spec.replicas > params.most', message: "'no'" };
    const own = policy('p', [rule], {
      params: { most: 2 },
      cases: [{ name: 'c', given: replicas(3), verdict: 'fail' }],
    });
    const { policies } = loadPolicies(
      [{ policy: own, place: { source: 'p.yaml' } }],
      {},
      [],
      [
        {
          apiVersion: 'breakwater/v1',
          kind: 'Setting',
          metadata: { name: 's' },
          spec: { policies: ['p'], params: { most: 9 } },
        },
      ],
    );
    expect(policies[0]?.params).toEqual({ most: 9 });
    expect(policies.flatMap(testPolicy)).toMatchObject([{ passed: true }]);
  });

  it('judges deletions, with the facts of a request', () => {
    const rule: Rule = { expr: "oldObject.kind == 'Namespace'", message: "'no'" };
    const cases: PolicyCase[] = [
      {
        name: 'deleted',
        given: { object: null, oldObject: { kind: 'Namespace' }, request: { operation: 'DELETE' } },
        verdict: 'fail',
      },
    ];
    expect(testPolicy(compiled([rule], cases, { match: { operations: ['DELETE'] } }))).toMatchObject([
      { passed: true },
    ]);
  });
});
