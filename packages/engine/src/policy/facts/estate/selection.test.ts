import type { JsonObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, at, deployment, pods } from './estate.fixture.ts';
import { estateOfLists } from './index.ts';

describe('selectors', () => {
  const policies = {
    NetworkPolicy: [
      at('shop', 'all', { spec: { podSelector: {}, policyTypes: ['Ingress'] } }),
      at('shop', 'web', { spec: { podSelector: { matchLabels: { app: 'web' } }, egress: [{}] } }),
      at('shop', 'db', {
        spec: { podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } },
      }),
      at('other', 'all', { spec: { podSelector: {} } }),
      at('shop', 'broken', { spec: { podSelector: { matchExpressions: [{ key: 'app', operator: 'Near' }] } } }),
    ],
    Service: [
      at('shop', 'web', { spec: { selector: { app: 'web' } } }),
      at('shop', 'none', { spec: { selector: {} } }),
      at('shop', 'elsewhere', { spec: {} }),
    ],
    CiliumNetworkPolicy: [at('shop', 'c', { spec: { endpointSelector: { matchLabels: { 'k8s:app': 'web' } } } })],
    CiliumClusterwideNetworkPolicy: [
      {
        metadata: { name: 'x' },
        spec: { endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop' } } },
      },
    ],
  };

  it('find what selects a workload', () => {
    const estate = estateOfLists(policies);
    const names = "estate.selectedBy.NetworkPolicy.map(p, p.metadata.name).join(',')";
    expect(ask(estate, deployment(), names)).toBe('all,web');
    expect(ask(estate, deployment(), 'estate.selectedBy.Service.map(s, s.metadata.name)')).toEqual(['web']);
    expect(ask(estate, deployment(), 'estate.selectedBy.CiliumNetworkPolicy.size()')).toBe(1);
    expect(ask(estate, deployment(), 'estate.selectedBy.CiliumClusterwideNetworkPolicy.size()')).toBe(1);
    expect(ask(estate, deployment(), 'estate.isolated')).toEqual({ ingress: true, egress: true });
    expect(ask(estate, { ...deployment(), ...at('other', 'web') }, names)).toBe('all');
    expect(ask(estate, { kind: 'ConfigMap', ...at('shop', 'c') }, 'has(estate.selectedBy)')).toBe(false);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['no types', {}, { ingress: true, egress: false }],
    ['no types and no egress rules', { egress: [] }, { ingress: true, egress: false }],
    ['no types and an egress rule', { egress: [{}] }, { ingress: true, egress: true }],
    ['types that are empty', { policyTypes: [] }, { ingress: true, egress: false }],
    ['types that are empty and an egress rule', { policyTypes: [], egress: [{}] }, { ingress: true, egress: true }],
    ['one type', { policyTypes: ['Egress'], ingress: [{}] }, { ingress: false, egress: true }],
    ['a type that there is not', { policyTypes: ['Sideways'] }, { ingress: false, egress: false }],
  ])('restrict as a NetworkPolicy with %s does', (_, spec, expected) => {
    const policy = at('shop', 'p', { spec: { podSelector: {}, ...spec } });
    expect(ask(estateOfLists({ NetworkPolicy: [policy] }), deployment(), 'estate.isolated')).toEqual(expected);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['a rule', { ingress: [{}] }, { ingress: true, egress: false }],
    ['lists that are empty', { ingress: [], egress: [], egressDeny: [] }, { ingress: false, egress: false }],
    ['a rule that denies', { egressDeny: [{}] }, { ingress: false, egress: true }],
    [
      'rules that deny nothing else',
      { ingress: [{}], egress: [{}], enableDefaultDeny: { ingress: false } },
      { ingress: false, egress: true },
    ],
  ])('restrict as a policy of Cilium with %s does', (_, rules, expected) => {
    const policy = at('shop', 'p', { spec: { endpointSelector: {}, ...rules } });
    expect(ask(estateOfLists({ CiliumNetworkPolicy: [policy] }), deployment(), 'estate.isolated')).toEqual(expected);
  });

  it('hold each spec of a policy of Cilium for itself', () => {
    const spec = (app: string, rules: JsonObject): JsonObject => ({
      endpointSelector: { matchLabels: { app } },
      ...rules,
    });
    const specs = [spec('web', { ingress: [{}] }), spec('web', {}), spec('db', { egress: [{}] })];
    const policy = at('shop', 'p', { specs });
    const estate = estateOfLists({ CiliumNetworkPolicy: [policy] });
    expect(ask(estate, deployment(), 'estate.isolated')).toEqual({ ingress: true, egress: false });
    expect(ask(estate, deployment(), 'estate.selectedBy.CiliumNetworkPolicy.size()')).toBe(1);
  });

  it('find what an object selects, and call a selector that is none an error', () => {
    const estate = estateOfLists({
      Deployment: [at('shop', 'web', pods({ app: 'web' })), at('other', 'web', pods({ app: 'web' }))],
      CronJob: [at('shop', 'job', { spec: { jobTemplate: pods({ app: 'job' }) } })],
    });
    const selected = (index: number): unknown =>
      ask(
        estate,
        { kind: 'NetworkPolicy', ...policies.NetworkPolicy[index] } as JsonObject,
        'estate.selected.map(w, w.metadata.name)',
      );
    expect(selected(0)).toEqual(['web', 'job']);
    expect(selected(1)).toEqual(['web']);
    expect(selected(2)).toEqual(['job']);
    expect(selected(4)).toMatchObject({ $kind: 'error' });
  });

  it('agree in both directions', () => {
    const label = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2'));
    const expression = fc.record({
      key: fc.constantFrom('a', 'b'),
      operator: fc.constantFrom('In', 'NotIn'),
      values: fc.uniqueArray(fc.constantFrom('1', '2', '3'), { minLength: 1 }),
    });
    const selector = fc.record({ matchLabels: label, matchExpressions: fc.array(expression, { maxLength: 2 }) });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), selector, (labels, podSelector) => {
        const workloads: JsonObject[] = labels.map((own, index) => ({
          kind: 'Deployment',
          ...at('shop', `w${index}`),
          ...pods(own),
        }));
        const policy = { kind: 'NetworkPolicy', ...at('shop', 'p'), spec: { podSelector } } as unknown as JsonObject;
        const estate = estateOfLists({ Deployment: workloads, NetworkPolicy: [policy] });
        const there = ask(estate, policy, 'estate.selected.map(w, w.metadata.name)');
        const back = workloads.filter(
          (workload) => ask(estate, workload, 'estate.selectedBy.NetworkPolicy.size()') === 1,
        );
        expect(there).toEqual(back.map((workload) => (workload['metadata'] as { name: string }).name));
      }),
    );
  });
});
