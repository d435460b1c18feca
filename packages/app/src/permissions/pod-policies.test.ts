import type { JsonObject, ManifestObject } from '@breakwater/model';
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

async function refused(objects: ManifestObject[]): Promise<string | undefined> {
  const { all } = await openPolicySet([], NOW);
  return (await podPoliciesIn(objects, all, NOW))?.refuses('default', 'shop', 'create');
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
    const { all } = await openPolicySet([], NOW);
    const policies = await podPoliciesIn([kyverno('Enforce', 'baseline')], all, NOW);
    expect(policies?.refuses('other', 'shop', 'create')).toBe('nothing');
  });
});
