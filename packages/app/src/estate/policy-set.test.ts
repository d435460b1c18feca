import { describe, expect, it } from 'vitest';
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
});
