import { beforeAll, describe, expect, it } from 'vitest';
import { judgeObject, summarisePolicies } from './judge-policies.ts';
import { openPolicySet, type PolicySet } from './policy-set.ts';

let set: PolicySet;

beforeAll(async () => {
  set = (await openPolicySet([], '2026-01-02T00:00:00Z')).policySet;
});

describe('summarisePolicies', () => {
  it('counts subjects, and a subject with one failing element as failed and not as passed', () => {
    const pod = (name: string, privileged: boolean[]) => ({
      cluster: 'default',
      apiVersion: 'v1',
      kind: 'Pod',
      name,
      namespace: 'shop',
      place: { source: 'pod.yaml' },
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop' },
        spec: {
          containers: privileged.map((wanted, index) => ({
            name: `c${index}`,
            image: 'a',
            securityContext: { privileged: wanted },
          })),
        },
      },
    });
    const results = [pod('good', [false]), pod('bad', [true, false])].flatMap((subject) =>
      judgeObject(subject, 'deploy', set),
    );
    const summary = summarisePolicies(set.policies, results).find(({ name }) => name === 'no-privileged-containers');
    expect(summary).toMatchObject({ failed: 1, passed: 1, unknown: 0, excepted: 0 });
  });
});
