import type { ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, labelsOf } from '../json/index.ts';
import type { Peer } from './network-policy.ts';
import { type Selector, selects } from './selector.ts';

/**
 * The workloads of one cluster with what selectors ask of them, indexed so that a selector looks only at candidates.
 * Workloads are named by their position in `workloads`.
 */
export class SelectableEstate {
  readonly workloads: readonly Workload[];
  readonly podLabels: ReadonlyMap<string, string>[];
  readonly #namespaceLabels: Map<string, ReadonlyMap<string, string>>;
  readonly #byNamespace = new Map<string, number[]>();
  readonly #byNamespacedLabel = new Map<string, number[]>();
  readonly #byLabel = new Map<string, number[]>();
  readonly #peers = new Map<string, number[]>();

  constructor(cluster: string, objects: readonly ManifestObject[], workloads: readonly Workload[]) {
    this.workloads = workloads;
    this.podLabels = workloads.map((workload) => new Map(Object.entries(workload.podLabels)));
    this.#namespaceLabels = namespaceLabels(cluster, objects, workloads);
    for (const [index, workload] of workloads.entries()) {
      push(this.#byNamespace, workload.namespace, index);
      for (const [key, value] of this.podLabels[index]!) {
        push(this.#byLabel, `${key}=${value}`, index);
        push(this.#byNamespacedLabel, `${workload.namespace} ${key}=${value}`, index);
      }
    }
  }

  /** Namespaces that are known by object or by workload, with the labels that the API server gives them. */
  get namespaces(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#namespaceLabels;
  }

  /** Workloads of a namespace whose pods a selector selects. */
  inNamespace(namespace: string, pods: Selector): number[] {
    const equality = equalityOf(pods);
    const candidates =
      equality === undefined
        ? this.#byNamespace.get(namespace)
        : this.#byNamespacedLabel.get(`${namespace} ${equality}`);
    return (candidates ?? []).filter((index) => selects(pods, this.podLabels[index]!));
  }

  /** Workloads that a peer of a policy in `namespace` stands for; an address block stands for none. The list is shared: do not change it. */
  ofPeer(peer: Peer, namespace: string): readonly number[] {
    if ('block' in peer) return [];
    const scope = peer.namespaces === undefined ? `in ${namespace}` : `where ${peer.namespaces.key}`;
    const key = `${scope}\u0000${peer.pods.key}`;
    let members = this.#peers.get(key);
    if (members === undefined) {
      members =
        peer.namespaces === undefined
          ? this.inNamespace(namespace, peer.pods)
          : this.#across(peer.namespaces, peer.pods);
      this.#peers.set(key, members);
    }
    return members;
  }

  #across(namespaces: Selector, pods: Selector): number[] {
    const chosen = [...this.#namespaceLabels].filter(([, labels]) => selects(namespaces, labels)).map(([name]) => name);
    const equality = equalityOf(pods);
    if (equality === undefined || chosen.length === 1)
      return chosen.flatMap((name) => this.inNamespace(name, pods)).sort((a, b) => a - b);
    const names = new Set(chosen);
    return (this.#byLabel.get(equality) ?? []).filter(
      (index) => names.has(this.workloads[index]!.namespace) && selects(pods, this.podLabels[index]!),
    );
  }
}

/** A requirement that only one value fulfils: the narrowest way into the index. */
function equalityOf(selector: Selector): string | undefined {
  const requirement = selector.requirements.find(({ operator, values }) => operator === 'In' && values.length === 1);
  return requirement === undefined ? undefined : `${requirement.key}=${requirement.values[0]}`;
}

function namespaceLabels(
  cluster: string,
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): Map<string, ReadonlyMap<string, string>> {
  const labels = new Map<string, ReadonlyMap<string, string>>();
  const implicit = (name: string, given: ReadonlyMap<string, string>) =>
    labels.set(name, new Map([...given, ['kubernetes.io/metadata.name', name]]));
  for (const workload of workloads) if (!labels.has(workload.namespace)) implicit(workload.namespace, new Map());
  for (const object of objects)
    if (object.kind === 'Namespace' && object.apiVersion === 'v1' && object.cluster === cluster)
      implicit(
        object.name,
        new Map([...(labels.get(object.name) ?? []), ...labelsOf(fieldAt(object.object, 'metadata', 'labels'))]),
      );
  return labels;
}

function push(index: Map<string, number[]>, key: string, value: number): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [value]);
  else known.push(value);
}
