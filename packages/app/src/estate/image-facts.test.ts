import { loadPolicies } from '@breakwater/engine/policy';
import type { ManifestObject, Policy, Verdict } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { exampleComponent, exampleImage, exampleLookup, exampleRow } from '../testing/example-image.ts';
import { imageFacts } from './image-facts.ts';
import { judgeImage } from './judge-image.ts';
import { judgeObject } from './judge-policies.ts';
import type { PolicySet } from './policy-set.ts';

const NOW = '2026-01-02T00:00:00Z';
const advisories = exampleLookup([exampleRow('CVE-2024-1', 'left', '2.0.0')], ['CVE-2024-1']);

/** About a workload and its images at once. */
const policy: Policy = {
  apiVersion: 'breakwater/v1',
  kind: 'Policy',
  metadata: { name: 'no-exploited-on-node-network' },
  spec: {
    title: 't',
    why: 'w',
    fix: 'f',
    severity: 'high',
    controls: {},
    phases: ['build'],
    match: {},
    forbid: [{ each: 'vulnerabilities', expr: 'workload.hostNetwork && v.knownExploited', message: 'v.id' }],
    enforcement: {},
    cases: [],
  },
};

const { policies } = loadPolicies([{ policy, place: { source: 'p.yaml' } }]);
const set: PolicySet = { policies, exceptions: [], now: NOW, catalogueImported: true };

function pod(...images: string[]): ManifestObject {
  const metadata = { name: 'web', namespace: 'shop' };
  const containers = images.map((image, index) => ({ name: `c${index}`, image }));
  const object = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { hostNetwork: true, containers } };
  return { cluster: 'default', apiVersion: 'v1', kind: 'Pod', ...metadata, place: { source: 'pod.yaml' }, object };
}

function verdicts(entry: ManifestObject, ...images: ReturnType<typeof exampleImage>[]): Verdict[] {
  const judged = images.map((image) => judgeImage(image, advisories, set));
  const factsOf = imageFacts([entry], judged, set);
  return judgeObject(entry, 'build', set, { images: factsOf('default/shop/Pod/web') }).map(({ verdict }) => verdict);
}

const [bad, good] = [exampleComponent('left', '1.0.0'), exampleComponent('right', '1.0.0')];
const broken = { unknowns: [{ code: 'layer-truncated', message: 'cut off', place: { source: 'shop.tar' } }] };
const named = (reference: string) => ({ id: `sha256:${reference}`, references: [reference] });

describe('imageFacts', () => {
  it('let a policy judge a workload by what its images hold', () => {
    expect(verdicts(pod('shop:1'), exampleImage([bad], named('shop:1')))).toEqual(['fail']);
    expect(verdicts(pod('shop:1'), exampleImage([good], named('shop:1')))).toEqual(['pass']);
    const both = [exampleImage([good], named('shop:1')), exampleImage([bad], named('side:1'))];
    expect(verdicts(pod('shop:1', 'side:1'), ...both)).toEqual(['fail']);
  });

  it('are unknown where an image is not at hand, or was not read whole', () => {
    expect(verdicts(pod('shop:1'))).toEqual(['unknown']);
    expect(verdicts(pod('shop:1', 'side:1'), exampleImage([good], named('shop:1')))).toEqual(['unknown']);
    expect(verdicts(pod('shop:1'), exampleImage([good], { ...broken, ...named('shop:1') }))).toEqual(['unknown']);
  });
});
