import type { ManifestObject } from '@breakwater/model';
import { fieldAt, labelsOf } from '../json/index.ts';

/** What is refused of pods: nothing, those that could escape to their node, or whatever else helps with that too. */
export type Refusal = 'nothing' | 'escapes' | 'all';

const order: readonly Refusal[] = ['nothing', 'escapes', 'all'];

/** The stronger of two refusals: whatever one of them refuses is refused. */
export function stronger(left: Refusal, right: Refusal): Refusal {
  return order.indexOf(left) > order.indexOf(right) ? left : right;
}

/** The weaker of two: where an attacker may choose. */
export function weaker(left: Refusal, right: Refusal): Refusal {
  return order.indexOf(left) < order.indexOf(right) ? left : right;
}

/** Namespaces that every cluster has. */
export const alwaysThere: readonly string[] = ['default', 'kube-system'];

const label = 'pod-security.kubernetes.io/enforce';
const levels: ReadonlyMap<string | undefined, Refusal> = new Map([
  ['baseline', 'escapes'],
  ['restricted', 'all'],
]);

/**
 * What Pod Security admission refuses by the labels of namespaces: `baseline` refuses what escapes, `restricted` what
 * runs as root or may become it too. A level that there is not counts as none; exemptions of an API server are not seen.
 */
export class PodSecurity {
  readonly #refusals = new Map<string, Map<string, Refusal>>();

  constructor(objects: readonly ManifestObject[]) {
    for (const { kind, apiVersion, cluster, name, object } of objects) {
      if (kind !== 'Namespace' || apiVersion !== 'v1') continue;
      const refusals = this.#refusals.get(cluster) ?? new Map<string, Refusal>();
      this.#refusals.set(cluster, refusals);
      const refusal = levels.get(labelsOf(fieldAt(object, 'metadata', 'labels')).get(label)) ?? 'nothing';
      refusals.set(name, weaker(refusal, refusals.get(name) ?? refusal));
    }
  }

  /** What is refused in a namespace; with an empty one, in whichever namespace an attacker chooses. */
  refuses(cluster: string, namespace: string): Refusal {
    const refusals = this.#refusals.get(cluster);
    if (namespace !== '') return refusals?.get(namespace) ?? 'nothing';
    const chosen = [...alwaysThere.map((name) => refusals?.get(name) ?? 'nothing'), ...(refusals?.values() ?? [])];
    return chosen.reduce(weaker);
  }
}
