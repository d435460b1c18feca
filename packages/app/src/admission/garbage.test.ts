import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadPolicies } from '@breakwater/engine/policy';
import { builtInPolicies } from '@breakwater/sources/policies';
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

describe('judging a request', () => {
  it('leaves nothing behind that has to be collected with a pause', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;
    const { policies } = loadPolicies(builtInPolicies().policies);
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
