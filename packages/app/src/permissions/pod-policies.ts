import type { PodPolicies } from '@breakwater/engine/pod-refusal';
import type { CompiledPolicy } from '@breakwater/engine/policy';
import type { ManifestObject } from '@breakwater/model';

/** Groups of the policies that refuse objects at admission and that we can judge by. */
const REFUSING = /^(admissionregistration\.k8s\.io|(policies\.)?kyverno\.io)\//;
const KINDS = /^((Namespaced)?Validating(Admission)?Policy(Binding)?|(Cluster)?Policy|PolicyException)$/;

/**
 * What the admission policies among some objects refuse of pods; undefined where there are none. Only what lies among the
 * objects of a cluster is in force there: our own policies refuse nothing that is not asked of them.
 *
 * @param ours Our policies, in force or not: policies of others refer to the Pod Security Standards.
 * @param now ISO 8601.
 */
export async function podPoliciesIn(
  objects: readonly ManifestObject[],
  ours: readonly CompiledPolicy[],
  now: string,
): Promise<PodPolicies | undefined> {
  const policies = objects.filter(({ apiVersion, kind }) => REFUSING.test(apiVersion) && KINDS.test(kind));
  if (policies.length === 0) return undefined;
  const [{ podPoliciesOf }, { compileForeignPolicies }, { readForeign }] = await Promise.all([
    import('@breakwater/engine/pod-refusal'),
    import('@breakwater/engine/policy/foreign'),
    import('@breakwater/sources/policies'),
  ]);
  const compiled = new Map(
    [...Map.groupBy(policies, ({ cluster }) => cluster)].map(([cluster, own]) => {
      const read = { foreign: [], unknowns: [] };
      for (const { object, place } of own) readForeign(object, place, read);
      return [cluster, compileForeignPolicies(read.foreign, { ours }).policies];
    }),
  );
  return podPoliciesOf(objects, compiled, now);
}
