import { beforeAll, describe, expect, it } from 'vitest';
import type { PolicySet } from '../estate/policy-set.ts';
import { openPolicySet } from '../estate/policy-set.ts';
import { LiveJudgement } from './live-judgement.ts';
import { liveObject, ownedBy, template } from './live-object.fixture.ts';

let set: PolicySet;

beforeAll(async () => {
  set = (await openPolicySet([], '2026-01-02T00:00:00Z')).policySet;
});

const privileged = (value: boolean) => ({
  spec: {
    template: template('cart', {
      containers: [{ name: 'cart', image: 'a:1', securityContext: { privileged: value } }],
    }),
  },
});
const failures = (judgement: LiveJudgement) =>
  [...judgement.results()].filter(({ policy, verdict }) => policy === 'no-privileged-containers' && verdict === 'fail')
    .length;

describe('judging what changes', () => {
  it('judges an object when it comes, when its content changes, and forgets it when it goes', () => {
    const judgement = new LiveJudgement(set);
    judgement.take({ type: 'added', object: liveObject('Deployment', 'cart', privileged(true)) });
    expect(judgement.judge().objects).toBe(1);
    expect(failures(judgement)).toBe(1);
    judgement.take({ type: 'changed', object: liveObject('Deployment', 'cart', privileged(false)) });
    expect(judgement.judge().objects).toBe(1);
    expect(failures(judgement)).toBe(0);
    judgement.take({ type: 'removed', object: liveObject('Deployment', 'cart') });
    judgement.judge();
    expect([...judgement.results()]).toEqual([]);
  });

  it('judges nothing for a new status or version', () => {
    const judgement = new LiveJudgement(set);
    const object = liveObject('Deployment', 'cart', privileged(true));
    judgement.take({ type: 'added', object });
    judgement.judge();
    const metadata = { resourceVersion: '2', generation: 7, managedFields: [{ manager: 'x' }] };
    const later = liveObject('Deployment', 'cart', { ...privileged(true), metadata, status: { replicas: 3 } });
    expect(judgement.take({ type: 'changed', object: later })).toBe(false);
    expect(judgement.judge()).toEqual({ objects: 0, surroundings: 0 });
  });

  it('leaves what a controller made to what it was made of, and judges it when that goes', () => {
    const judgement = new LiveJudgement(set);
    const owner = liveObject('ReplicaSet', 'cart', privileged(true));
    const pod = liveObject('Pod', 'cart-1', {
      metadata: ownedBy(owner),
      spec: { containers: [{ name: 'cart', image: 'a:1', securityContext: { privileged: true } }] },
    });
    for (const object of [owner, pod]) judgement.take({ type: 'added', object });
    expect(judgement.judge().objects).toBe(1);
    expect(failures(judgement)).toBe(1);
    judgement.take({ type: 'removed', object: owner });
    expect(judgement.judge().objects).toBe(1);
    expect(failures(judgement)).toBe(1);
  });
});
