import type { JsonObject, ManifestObject, Policy } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { openPolicySet } from '../estate/policy-set.ts';
import { podPoliciesIn } from './pod-policies.ts';

const NOW = '2026-11-22T12:00:00Z';

const object = (apiVersion: string, kind: string, name: string, spec: JsonObject): ManifestObject => ({
  apiVersion,
  kind,
  name,
  namespace: '',
  cluster: 'default',
  object: { apiVersion, kind, metadata: { name }, spec },
  place: { source: `${name}.yaml` },
});

const kyverno = (action: string, level: string): ManifestObject =>
  object('kyverno.io/v1', 'ClusterPolicy', 'any-name', {
    validationFailureAction: action,
    background: true,
    rules: [
      {
        name: 'pods',
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        validate: { podSecurity: { level, version: 'latest' } },
      },
    ],
  });

async function policiesAmong(objects: ManifestObject[], packs: string[] = []) {
  const { all, policySet } = await openPolicySet([], NOW, undefined, undefined, { packs });
  const inForce = policySet.policies.map((compiled) => ({ ...compiled, policy: blocking(compiled.policy) }));
  return podPoliciesIn(objects, { all, inForce }, NOW);
}

/** Settings that refuse at admission: out of the box our policies warn. */
const blocking = (policy: Policy): Policy => ({
  ...policy,
  spec: { ...policy.spec, enforcement: { build: 'block', deploy: 'block', run: 'audit' } },
});

const webhook = (failurePolicy: string, values: string[]): ManifestObject => {
  const matchExpressions = [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }];
  const configuration = object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'breakwater', {});
  const rules = [
    { apiGroups: [''], operations: ['CREATE', 'UPDATE'], resources: ['pods', 'pods/ephemeralcontainers'] },
  ];
  const webhooks = [
    { name: 'admission.breakwater.dev', failurePolicy, rules, namespaceSelector: { matchExpressions } },
  ];
  return { ...configuration, object: { ...configuration.object, webhooks } };
};

async function refused(objects: ManifestObject[]): Promise<string | undefined> {
  return (await policiesAmong(objects))?.refuses('default', 'shop', 'create');
}

describe('policies among the objects of a cluster', () => {
  it.each<[string, ManifestObject[], string | undefined]>([
    ['none', [], undefined],
    ['a policy of Kyverno that enforces the baseline', [kyverno('Enforce', 'baseline')], 'escapes'],
    ['a policy of Kyverno that enforces restricted', [kyverno('Enforce', 'restricted')], 'all'],
    ['a policy of Kyverno that only audits', [kyverno('Audit', 'restricted')], 'nothing'],
  ])('%s', async (_, objects, expected) => {
    expect(await refused(objects)).toBe(expected);
  });

  it('refuse what their own cluster has alone', async () => {
    const policies = await policiesAmong([kyverno('Enforce', 'baseline')]);
    expect(policies?.refuses('other', 'shop', 'create')).toBe('nothing');
  });

  it('are ours where our webhook refuses what it cannot ask, outside of the namespaces that it leaves alone', async () => {
    const packs = ['pod-security-restricted'];
    const policies = await policiesAmong([webhook('Fail', ['kube-system'])], packs);
    const refusals = ['shop', 'kube-system', ''].map((namespace) => policies?.refuses('default', namespace, 'create'));
    expect(refusals).toEqual(['all', 'nothing', 'nothing']);
    expect(await policiesAmong([webhook('Ignore', [])], packs)).toBeUndefined();
  });
});
