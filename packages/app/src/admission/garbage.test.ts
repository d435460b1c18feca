import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type CompiledPolicy, loadPolicies } from '@breakwater/engine/policy';
import { compileForeignPolicies } from '@breakwater/engine/policy/foreign';
import { builtInPolicies, type ForeignRead, readForeign } from '@breakwater/sources/policies';
import { describe, expect, it } from 'vitest';
import { readReview } from './admission-request.ts';
import { admit } from './admit.ts';
import { openBasis } from './basis.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const NOW = '2026-01-01T00:00:00Z';
const REVIEWS = 30;

const REVIEW = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'u',
    kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
    ...{ namespace: 'shop', name: 'web', operation: 'CREATE', userInfo: { username: 'alice', groups: [] } },
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: Array.from({ length: 40 }, (_, index) => ({ name: `c${index}`, image: 'nginx' })) },
        },
      },
    },
  },
});

/** Bytes of what has outlived two collections of what is new: only a long one clears it away. */
const longLived = (): number =>
  getHeapSpaceStatistics()
    .filter(({ space_name }) => /^(old|large_object)_space$/.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);

const resourceRules = [
  { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] },
];
const FOREIGN = [
  {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'labels' },
    spec: {
      rules: [
        {
          name: 'team',
          match: { any: [{ resources: { kinds: ['Pod'] } }] },
          validate: { message: 'm', pattern: { metadata: { labels: { team: '?*' } } } },
        },
      ],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'replicas' },
    spec: {
      matchConstraints: { resourceRules },
      variables: [{ name: 'replicas', expression: 'object.spec.?replicas.orValue(1)' }],
      validations: [{ expression: 'variables.replicas > 1' }],
    },
  },
];

function foreignPolicies(): CompiledPolicy[] {
  const read: ForeignRead = { foreign: [], unknowns: [] };
  for (const document of FOREIGN) readForeign(document, { source: 'policies.yaml' }, read);
  return compileForeignPolicies(read.foreign, {}).policies;
}

describe('judging a request', () => {
  it.each([
    ['ours', () => loadPolicies(builtInPolicies().policies).policies],
    ['those of others', foreignPolicies],
  ])('by policies, %s, leaves nothing behind that has to be collected with a pause', (_, open) => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;
    const policies = open();
    expect(policies.length).toBeGreaterThan(1);
    const basis = openBasis(undefined, '', { policies, exceptions: [], unknowns: [] });
    const judge = (): void => {
      const request = readReview(REVIEW);
      if ('fault' in request) throw new Error(request.fault);
      admit(request, basis, DEFAULT_SETTINGS, NOW);
    };
    for (let turn = 0; turn < 20 * REVIEWS; turn++) judge();
    collect({ type: 'major' });
    const left = Array.from({ length: 7 }, () => {
      const before = longLived();
      for (let turn = 0; turn < REVIEWS; turn++) {
        judge();
        collect({ type: 'minor' });
      }
      return (longLived() - before) / REVIEWS;
    }).sort((a, b) => a - b);
    // Code that is made fast meanwhile lives long too, now and then.
    expect(left[2]).toBeLessThan(1_000);
  });
});
