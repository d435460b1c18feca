import type { Json, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf } from '../json/index.ts';
import { SelectableEstate } from '../network/estate.ts';
import { InvalidPolicy, parseSelector, type Selector, selects } from '../network/index.ts';

/** What selects the pods of a workload, as a NetworkPolicy writes it, and as it works. */
export interface PodSelector {
  written: JsonObject;
  selector: Selector;
}

/** Labels that controllers give each pod or each revision: another pod of the workload has others. */
const PASSING =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.*|rollouts-pod-template-hash)$/;
/** Labels that the next version changes. */
const VERSIONS =
  /^(helm\.sh\/chart|chart|version|app\.kubernetes\.io\/version|app\.kubernetes\.io\/managed-by|heritage)$/;

/**
 * Selectors that keep the pods of workloads apart, by workload id. A controller's own selector is taken where there is
 * one: it cannot change, so the policy holds for the next version too. Where it selects pods of others it is narrowed by
 * labels that those do not have. Workloads that no label tells apart have the same selector.
 */
export function podSelectors(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): Map<string, PodSelector> {
  const byId = new Map(
    objects.map((object) => [`${object.cluster}/${object.namespace}/${object.kind}/${object.name}`, object]),
  );
  const selectors = new Map<string, PodSelector>();
  for (const [cluster, members] of Map.groupBy(workloads, (workload) => workload.cluster)) {
    const estate = new SelectableEstate(cluster, [], members);
    for (const [at, workload] of members.entries()) {
      const own = ownSelector(workload, byId.get(workload.id));
      const others = estate.inNamespace(workload.namespace, own.selector).filter((other) => other !== at);
      const labels = others.map((other) => estate.podLabels[other]!);
      selectors.set(
        workload.id,
        labels.reduce((narrow, other) => apart(narrow, estate.podLabels[at]!, other), own),
      );
    }
  }
  return selectors;
}

function ownSelector({ podLabels, kind }: Workload, object: ManifestObject | undefined): PodSelector {
  const given = kind === 'Job' || kind === 'CronJob' ? undefined : fieldAt(object?.object, 'spec', 'selector');
  const written = kind === 'ReplicationController' && given !== undefined ? { matchLabels: given } : objectOf(given);
  const selector = written === undefined ? undefined : parsed(written);
  const labels = new Map(Object.entries(podLabels));
  if (selector !== undefined && selector.requirements.length > 0 && selects(selector, labels))
    return { written: cleaned(written!), selector };
  // Labels of other platforms need not be ones that a selector can name.
  const lasting = [...labels].filter(
    ([key, value]) =>
      !PASSING.test(key) && !VERSIONS.test(key) && parsed({ matchLabels: { [key]: value } }) !== undefined,
  );
  const own = { matchLabels: Object.fromEntries(lasting) };
  return { written: lasting.length === 0 ? {} : own, selector: parsed(own)! };
}

/** Only the fields of a selector. */
function cleaned(written: JsonObject): JsonObject {
  const fields: JsonObject = {};
  for (const key of ['matchLabels', 'matchExpressions']) {
    const value = fieldOf(written, key) ?? null;
    if (value !== null && Object.keys(value).length > 0) fields[key] = value;
  }
  return fields;
}

/** Undefined where the API server would refuse it. */
function parsed(written: JsonObject): Selector | undefined {
  try {
    return parseSelector(written, 'selector');
  } catch (error) {
    if (error instanceof InvalidPolicy) return undefined;
    throw error;
  }
}

/** The selector, narrowed so that it no longer selects pods with other labels, as far as a lasting label tells them apart. */
function apart(narrow: PodSelector, own: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): PodSelector {
  if (!selects(narrow.selector, other)) return narrow;
  const keys = [...new Set([...own.keys(), ...other.keys()])].filter(
    (key) => !PASSING.test(key) && !VERSIONS.test(key) && own.get(key) !== other.get(key),
  );
  const [key] = keys.sort((a, b) => Number(own.has(b)) - Number(own.has(a)) || (a < b ? -1 : 1));
  if (key === undefined) return narrow;
  const value = own.get(key);
  const labels = objectOf(fieldOf(narrow.written, 'matchLabels')) ?? {};
  const expressions = (fieldOf(narrow.written, 'matchExpressions') as Json[] | undefined) ?? [];
  const written: JsonObject =
    value === undefined
      ? { ...narrow.written, matchExpressions: [...expressions, { key, operator: 'DoesNotExist' }] }
      : { ...narrow.written, matchLabels: { ...labels, [key]: value } };
  const selector = parsed(written);
  return selector === undefined ? narrow : { written, selector };
}
