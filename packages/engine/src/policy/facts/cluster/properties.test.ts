import type { JsonObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../cel/index.ts';
import { at, pods, read } from '../estate/estate.fixture.ts';
import { type EstateOptions, estatesOf } from '../estate/index.ts';
import { Facts } from '../facts.ts';

const NAMESPACES = ['a', 'b'];
const NETWORK = [
  'network.callers.anyone',
  'network.callers.otherNamespaces',
  'network.callers.otherTenants',
  'network.callers.outside',
  'network.reaches.internet',
  'network.reaches.everywhere',
  'network.reaches.metadata',
  'network.reaches.otherNamespaces',
  'network.reaches.otherTenants',
  'network.ports.exists(p, p.from.otherNamespaces)',
  "exposure.exists(e, e.from == 'internet')",
];
const PERMISSIONS = ['controlPlane', 'readsSecrets', 'makesPods', 'runsCommands', 'actsAsOthers'].map(
  (name) => `permissions.${name}`,
);
const TENANCY = ['tenancy.neighbours.size() > 0', 'tenancy.rawSockets.size() > 0', 'tenancy.unbounded.size() > 0'];
const EXPRESSIONS = new Map(
  [...NETWORK, ...PERMISSIONS, ...TENANCY].map((source) => [
    source,
    compileExpression(source, { variables: ['exposure', 'network', 'permissions', 'tenancy'] }),
  ]),
);

const workloads = NAMESPACES.map(
  (namespace): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    ...at(namespace, 'web'),
    ...pods({ app: 'web' }, { containers: [{ name: 'c', image: 'c:1', ports: [{ containerPort: 8080 }] }] }),
  }),
);

/** What each expression gives of the workload in `a`; what is not known is `unknown`. */
function answers(objects: readonly JsonObject[], options: EstateOptions = { complete: true }): Map<string, unknown> {
  const entries = [...workloads, ...objects].map((object) => ({
    ...read(String(object['kind']), object),
    apiVersion: String(object['apiVersion']),
  }));
  const estate = estatesOf(entries, { together: true, ...options }).get('default');
  const facts = new Facts({ id: 'x', object: workloads[0]!, facts: { estate } }, '2026-01-01T00:00:00Z');
  return new Map(
    [...EXPRESSIONS].map(([source, expression]) => {
      const value = expression.evaluate(facts);
      return [source, typeof value === 'boolean' ? value : 'unknown'];
    }),
  );
}

const peer = fc.constantFrom<JsonObject>(
  { podSelector: {} },
  { namespaceSelector: {} },
  { ipBlock: { cidr: '0.0.0.0/0' } },
  { ipBlock: { cidr: '10.0.0.0/8' } },
);
const ports = fc.constantFrom<JsonObject[]>([], [{ port: 8080 }], [{ port: 443 }]);
const policy = fc
  .tuple(fc.constantFrom(...NAMESPACES), fc.nat(99), fc.option(peer), ports, fc.constantFrom('Ingress', 'Egress'))
  .map(([namespace, number, one, open, direction]): JsonObject => {
    const peers = one === null ? {} : { [direction === 'Ingress' ? 'from' : 'to']: [one] };
    const rule = { ...peers, ...(open.length > 0 && { ports: open }) };
    const spec = { podSelector: {}, policyTypes: [direction], [direction.toLowerCase()]: [rule] };
    return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...at(namespace, `p${number}`, { spec }) };
  });
const closing = fc
  .tuple(fc.constantFrom(...NAMESPACES), fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress']))
  .map(([namespace, policyTypes]): JsonObject => {
    const spec: JsonObject = { podSelector: {}, policyTypes: [...policyTypes] };
    return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...at(namespace, 'closing', { spec }) };
  });
const service: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  ...at('a', 'web', {
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  }),
};
const RBAC = 'rbac.authorization.k8s.io/v1';
const roles = [
  ['secrets', 'get'],
  ['pods', 'create'],
  ['pods/exec', 'create'],
  ['configmaps', 'get'],
].map(
  ([resource, verb], index): JsonObject => ({
    apiVersion: RBAC,
    kind: 'ClusterRole',
    metadata: { name: `r${index}` },
    rules: [{ apiGroups: [''], resources: [resource!], verbs: [verb!] }],
  }),
);
const binding = fc.tuple(fc.nat(3), fc.constantFrom(...NAMESPACES), fc.boolean(), fc.nat(99)).map(
  ([role, namespace, everywhere, number]): JsonObject => ({
    apiVersion: RBAC,
    kind: everywhere ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: `b${number}`, ...(everywhere ? {} : { namespace }) },
    roleRef: { kind: 'ClusterRole', name: `r${role}` },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
  }),
);

describe('facts of the whole cluster', () => {
  it('a policy without rules more makes no fact of the network wider', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 4 }), closing, (policies, more) => {
        const [before, after] = [answers([service, ...policies]), answers([service, ...policies, more])];
        for (const source of NETWORK)
          if (before.get(source) === false) expect([source, after.get(source)]).toEqual([source, false]);
      }),
      { numRuns: 100 },
    );
  });

  it('a binding more makes no fact of permissions narrower', () => {
    fc.assert(
      fc.property(fc.array(binding, { maxLength: 4 }), binding, (bindings, more) => {
        const [before, after] = [answers([...roles, ...bindings]), answers([...roles, ...bindings, more])];
        for (const source of PERMISSIONS)
          if (before.get(source) === true) expect([source, after.get(source)]).toEqual([source, true]);
      }),
      { numRuns: 100 },
    );
  });

  it('what is known beside templates that were not rendered is what is known without them', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 3 }), fc.array(binding, { maxLength: 3 }), (policies, bindings) => {
        const objects = [service, ...roles, ...policies, ...bindings];
        const [whole, part] = [answers(objects), answers(objects, { partial: true })];
        for (const [source, value] of part)
          if (value !== 'unknown') expect([source, value]).toEqual([source, whole.get(source)]);
        for (const source of [...PERMISSIONS, ...TENANCY.slice(0, 2)])
          if (whole.get(source) === true) expect([source, part.get(source)]).toEqual([source, true]);
      }),
      { numRuns: 60 },
    );
  });
});
