import type { PodPolicies } from '@breakwater/engine/pod-refusal';
import type { CompiledPolicy } from '@breakwater/engine/policy';
import type { JsonObject, ManifestObject } from '@breakwater/model';

/** Groups of the policies that refuse objects at admission and that we can judge by. */
const REFUSING = /^(admissionregistration\.k8s\.io|(policies\.)?kyverno\.io)\//;
const KINDS = /^((Namespaced)?Validating(Admission)?Policy(Binding)?|(Cluster)?Policy|PolicyException)$/;

/** The name of our webhook in its configuration. */
const OUR_WEBHOOK = 'admission.breakwater.dev';

/**
 * What the admission policies among some objects refuse of pods; undefined where there are none. Policies of others are in
 * force in the cluster among whose objects they lie; ours where our webhook lies there and refuses what it cannot ask.
 *
 * @param all Our policies, in force or not: policies of others refer to the Pod Security Standards.
 * @param inForce Those of ours that are.
 * @param now ISO 8601.
 */
export async function podPoliciesIn(
  objects: readonly ManifestObject[],
  { all, inForce }: { all: readonly CompiledPolicy[]; inForce: readonly CompiledPolicy[] },
  now: string,
): Promise<PodPolicies | undefined> {
  const policies = objects.filter(({ apiVersion, kind }) => REFUSING.test(apiVersion) && KINDS.test(kind));
  const guarded = new Map(objects.flatMap((object) => guardOf(object)));
  if (policies.length === 0 && guarded.size === 0) return undefined;
  const [{ podPoliciesOf }, { compileForeignPolicies }, { readForeign }] = await Promise.all([
    import('@breakwater/engine/pod-refusal'),
    import('@breakwater/engine/policy/foreign'),
    import('@breakwater/sources/policies'),
  ]);
  const compiled = new Map(
    [...Map.groupBy(policies, ({ cluster }) => cluster)].map(([cluster, own]) => {
      const read = { foreign: [], unknowns: [] };
      for (const { object, place } of own) readForeign(object, place, read);
      return [cluster, compileForeignPolicies(read.foreign, { ours: all }).policies];
    }),
  );
  const policiesIn = (cluster: string, namespace: string): readonly CompiledPolicy[] => {
    const excluded = guarded.get(cluster);
    const ours = excluded === undefined || excluded.has(namespace) ? [] : inForce;
    return [...(compiled.get(cluster) ?? []), ...ours];
  };
  return podPoliciesOf(objects, policiesIn, now);
}

/** The namespaces that our webhook leaves alone, where an object configures it so that nothing gets past it. */
function guardOf({ kind, cluster, object }: ManifestObject): [cluster: string, excluded: Set<string>][] {
  if (kind !== 'ValidatingWebhookConfiguration') return [];
  const webhooks = (object['webhooks'] ?? []) as JsonObject[];
  const [ours] = Array.isArray(webhooks) ? webhooks.filter((webhook) => webhook?.['name'] === OUR_WEBHOOK) : [];
  if (ours === undefined || (ours['failurePolicy'] ?? 'Fail') !== 'Fail' || !asksOfPods(ours['rules'])) return [];
  const { matchExpressions = [], matchLabels } = (ours['namespaceSelector'] ?? {}) as JsonObject;
  const [expression, ...others] = Array.isArray(matchExpressions) ? (matchExpressions as JsonObject[]) : [];
  if (expression === undefined) return matchLabels === undefined ? [[cluster, new Set()]] : [];
  const isByName = expression['key'] === 'kubernetes.io/metadata.name' && expression['operator'] === 'NotIn';
  if (!isByName || others.length > 0 || matchLabels !== undefined) return [];
  return [[cluster, new Set((expression['values'] ?? []) as string[])]];
}

/** Whether a webhook is asked when pods are made, and when containers are added to them. */
function asksOfPods(rules: unknown): boolean {
  const asked = (Array.isArray(rules) ? rules : []) as JsonObject[];
  const asks = (operation: string, resources: string[]): boolean =>
    asked.some(
      (rule) =>
        textsOf(rule['apiGroups']).some((group) => group === '' || group === '*') &&
        textsOf(rule['operations']).some((each) => each === operation || each === '*') &&
        textsOf(rule['resources']).some((each) => resources.includes(each)),
    );
  return asks('CREATE', ['pods', '*', '*/*']) && asks('UPDATE', ['pods/ephemeralcontainers', 'pods/*', '*/*']);
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
