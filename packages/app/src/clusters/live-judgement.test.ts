import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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

describe('policies on more than an object', () => {
  const named = (judgement: LiveJudgement, name: string) =>
    [...judgement.results()].filter(({ policy }) => policy === name).map(({ verdict }) => verdict);
  const service = (type: string) =>
    liveObject('Service', 'cart', { spec: { type, selector: { app: 'cart' }, ports: [{ port: 5432 }] } });
  const database = liveObject('Deployment', 'cart', {
    spec: {
      template: template('cart', {
        containers: [{ name: 'db', image: 'postgres:16', ports: [{ containerPort: 5432 }] }],
      }),
    },
  });

  it('on the cluster as a whole are unknown until it was looked at, and judged anew when something changed', () => {
    const judgement = new LiveJudgement(set);
    for (const object of [service('LoadBalancer'), database]) judgement.take({ type: 'added', object });
    judgement.judge();
    expect(named(judgement, 'databases-not-exposed')).toEqual(['unknown']);
    expect(judgement.judgeWhole()).toBeGreaterThan(0);
    expect(named(judgement, 'databases-not-exposed')).toEqual(['fail']);
    expect(judgement.judgeWhole()).toBe(0);
    judgement.take({ type: 'changed', object: service('ClusterIP') });
    judgement.judge();
    judgement.judgeWhole();
    expect(new Set(named(judgement, 'databases-not-exposed'))).toEqual(new Set(['pass']));
  });

  it('that need what nobody could read stay unknown', () => {
    const judgement = new LiveJudgement(set, () => ['Service']);
    judgement.take({ type: 'added', object: database });
    judgement.judge();
    judgement.judgeWhole();
    expect(named(judgement, 'databases-not-exposed')).toEqual(['unknown']);
  });

  it('judge the whole set: none is left out', () => {
    const judgement = new LiveJudgement(set);
    judgement.take({ type: 'added', object: database });
    judgement.judge();
    const told = new Set([...judgement.results()].map(({ policy }) => policy));
    const about = set.policies.filter(
      ({ policy, kinds, about: what }) =>
        policy.spec.phases.includes('run') &&
        policy.spec.match.events === undefined &&
        (what === 'workload' || kinds?.has('Deployment') === true) &&
        policy.spec.match.namespaceSelector === undefined &&
        policy.spec.match.conditions === undefined,
    );
    expect(about.length).toBeGreaterThan(20);
    const silent = about.filter(
      ({ policy, kinds }) => kinds?.has('Deployment') !== false && !told.has(policy.metadata.name),
    );
    expect(silent.map(({ policy }) => policy.metadata.name)).toEqual([]);
  });
});

describe('policies on pods alone', () => {
  const onPods = async (): Promise<PolicySet> => {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-pods-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, 'pods.yaml'),
      `apiVersion: breakwater/v1
kind: Policy
metadata: { name: named-nodes }
spec:
  title: Pods have a node
  why: They are to be placed by hand.
  fix: Name a node.
  severity: low
  phases: [run]
  match: { kinds: [Pod] }
  require:
    - { expr: has(object.spec.nodeName), message: "'no node'" }
  enforcement: { run: audit }
  cases: []
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: pods-named }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
  validations: [{ expression: has(object.spec.nodeName), message: no node }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: pods-named }
spec: { policyName: pods-named, validationActions: [Deny] }
`,
    );
    return (await openPolicySet([folder], '2026-01-02T00:00:00Z')).policySet;
  };

  it('judge pods too that something made from its template, which they say nothing of', async () => {
    const judgement = new LiveJudgement(await onPods());
    const owner = liveObject('ReplicaSet', 'cart', privileged(true));
    const pod = liveObject('Pod', 'cart-1', {
      metadata: ownedBy(owner),
      spec: { containers: [{ name: 'cart', image: 'a:1', securityContext: { privileged: true } }] },
    });
    for (const object of [owner, pod]) judgement.take({ type: 'added', object });
    judgement.judge();
    const said = [...judgement.results()].filter(({ verdict }) => verdict === 'fail');
    expect(
      said.filter(({ policy }) => /named/.test(policy)).map(({ policy, subject }) => `${policy} ${subject}`),
    ).toEqual(['named-nodes east/shop/Pod/cart-1', 'pods-named east/shop/Pod/cart-1']);
    expect(failures(judgement)).toBe(1);
  });
});
