import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeObject } from './judge-policies.ts';
import { openPolicySet, type PolicyChoice } from './policy-set.ts';

async function namesInForce(choice: PolicyChoice): Promise<string[]> {
  const { policySet } = await openPolicySet([], '2026-01-02T00:00:00Z', undefined, undefined, choice);
  return policySet.policies.map(({ policy }) => policy.metadata.name);
}

describe('openPolicySet', () => {
  it('puts a pack in force where it is asked for, in place of what it overrides', async () => {
    const always = await namesInForce({});
    const asked = await namesInForce({ packs: ['pod-security-restricted'] });
    expect(always).toContain('no-host-path-volumes');
    expect(always).not.toContain('core-volume-types');
    expect(asked).toContain('core-volume-types');
    expect(asked).not.toContain('no-host-path-volumes');
  });

  it('leaves out what a version does not have', async () => {
    expect(await namesInForce({})).toContain('no-probes-of-other-hosts');
    expect(await namesInForce({ kubernetesVersion: 'v1.33.2' })).not.toContain('no-probes-of-other-hosts');
  });

  it('refuses packs and versions that there are not', async () => {
    await expect(namesInForce({ packs: ['pod-security'] })).rejects.toMatchObject({
      code: 'pack-unknown',
      hint: expect.stringMatching(/^Packs at hand: .*pod-security-restricted/),
    });
    await expect(namesInForce({ kubernetesVersion: '131' })).rejects.toMatchObject({
      code: 'kubernetes-version-invalid',
    });
  });

  it('puts policies in the languages of others in force beside ours, with line and column of their faults', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-policies-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'kyverno.yaml');
    const rule = (name: string, validate: string): string => `    - name: ${name}
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate: ${validate}
`;
    const good = rule('standard', '{ podSecurity: { level: restricted } }');
    const bad = rule('broken', '{ cel: { expressions: [{ expression: "1 +" }] } }');
    const document = (name: string, rules: string): string =>
      `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: ${name} }\nspec:\n  rules:\n${rules}`;
    writeFileSync(path, `${document('no-host-ports', good)}---\n${document('faulty', bad)}`);
    const { policySet, unknowns } = await openPolicySet([path], '2026-01-02T00:00:00Z');
    const names = policySet.policies.map(({ policy }) => policy.metadata.name);
    expect(names).toEqual(expect.arrayContaining(['no-host-ports', 'ClusterPolicy/no-host-ports']));
    expect(names).not.toContain('faulty');
    expect(unknowns).toMatchObject([{ code: 'policy-invalid', subject: 'faulty', place: { line: 17 } }]);
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'c' }] } };
    const results = judgeObject(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'default',
        name: 'a',
        cluster: 'default',
        object: pod,
        place: { source: 'a' },
      },
      'deploy',
      policySet,
    );
    expect(results).toContainEqual(
      expect.objectContaining({ policy: 'ClusterPolicy/no-host-ports', element: 'standard', verdict: 'fail' }),
    );
  });
});
