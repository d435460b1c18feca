import type { ManifestObject, Place, SecretReader, Workload } from '@breakwater/model';
import type { Identity, IdentityFacts, PermissionStep } from '../../identity/index.ts';
import { fieldAt, textOf } from '../../json/index.ts';
import type { SecretUse } from './uses.ts';
import { subjectOf } from './written-secrets.ts';

/** A way from a workload's pods to the node under them. */
export interface WayToNode {
  /** "runs privileged". */
  phrase: string;
  places: Place[];
}

interface Estate {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  identity: IdentityFacts;
  waysToNode: (workload: Workload) => readonly WayToNode[];
}

/** Readers that are listed of one secret; the rest is a number. */
const MOST = 100;

/** How plainly a permission opens secrets, lowest first: of one identity the plainest way alone is told. */
function plainness({ attack, target }: PermissionStep): number {
  if (attack === 'read-secrets') return 0;
  if (attack === 'cluster-admin') return 1;
  return target === 'secrets' ? 2 : target === 'control-plane' ? 3 : 4;
}

/** What opens secrets, and is more than a guess. */
function opensSecrets({ target, certainty }: PermissionStep): boolean {
  const sure = certainty === 'certain' || certainty === 'likely';
  return sure && (target === 'secrets' || target === 'control-plane' || target === 'workloads');
}

/** Paths of the node below which the database of the cluster lies. */
const database = /^(?:reads|writes) (?:the whole disk|\/var\/lib\/etcd\S*|\/var\/lib|\/var) of its node/;

const kinds = { ServiceAccount: 'service account', User: 'user', Group: 'group' };

/** Who can come to secrets: who holds them, who may ask for them, who may enter pods and nodes that hold them. */
export class Readers {
  readonly #identities: ReadonlyMap<string, Identity>;
  /** By `cluster/namespace`, with an empty namespace for the whole cluster. */
  readonly #steps: ReadonlyMap<string, PermissionStep[]>;
  readonly #holders = new Map<string, string[]>();
  readonly #workloads: ReadonlyMap<string, Workload>;
  readonly #nodes = new Map<string, SecretReader[]>();
  /** Who has the database of a cluster, or copies of it. */
  readonly #databases = new Map<string, SecretReader[]>();

  /** `encrypted`: by cluster whether its database holds secrets as they are. */
  constructor({ objects, workloads, identity, waysToNode }: Estate, encrypted: ReadonlyMap<string, string>) {
    this.#identities = new Map(identity.identities.map((each) => [each.id, each]));
    this.#steps = Map.groupBy(identity.steps.filter(opensSecrets), ({ cluster, namespace, target }) =>
      target === 'control-plane' ? `${cluster}/` : `${cluster}/${namespace}`,
    );
    this.#workloads = new Map(workloads.map((workload) => [`${workload.cluster} ${subjectOf(workload)}`, workload]));
    for (const workload of workloads) {
      const account = identity.tokens.get(workload.id);
      if (account !== undefined)
        this.#holders.set(account, [...(this.#holders.get(account) ?? []), subjectOf(workload)]);
      const ways = waysToNode(workload);
      this.#addNode(workload, ways);
      if (encrypted.get(workload.cluster) !== 'yes') this.#addDatabase(workload, ways);
    }
    for (const object of objects) this.#addBackup(object);
  }

  #addDatabase(workload: Workload, ways: readonly WayToNode[]): void {
    const way = ways.find(({ phrase }) => database.test(phrase));
    if (way === undefined) return;
    const how = `${way.phrase}, where the database of the cluster lies on a control-plane node`;
    this.#addTo(this.#databases, workload.cluster, {
      who: subjectOf(workload),
      by: 'database',
      how,
      places: way.places,
    });
  }

  /** Backups of objects hold every Secret as it is, wherever they are kept. */
  #addBackup(object: ManifestObject): void {
    if (object.kind !== 'BackupStorageLocation' || !object.apiVersion.startsWith('velero.io/')) return;
    const bucket = textOf(fieldAt(object.object, 'spec', 'objectStorage', 'bucket'));
    const how = `backups hold every Secret that they cover: whoever reads ${bucket === undefined ? 'them' : `bucket ${bucket}`} has it`;
    this.#addTo(this.#databases, object.cluster, {
      who: subjectOf(object),
      by: 'database',
      how,
      places: [object.place],
    });
  }

  #addTo(map: Map<string, SecretReader[]>, cluster: string, reader: SecretReader): void {
    const known = map.get(cluster);
    if (known === undefined) map.set(cluster, [reader]);
    else known.push(reader);
  }

  #addNode(workload: Workload, ways: readonly WayToNode[]): void {
    const [way] = ways;
    if (way === undefined) return;
    this.#addTo(this.#nodes, workload.cluster, {
      who: subjectOf(workload),
      by: 'node',
      how: way.phrase,
      places: way.places,
    });
  }

  of(
    cluster: string,
    namespace: string,
    name: string,
    uses: readonly SecretUse[],
  ): { readers: SecretReader[]; more: number } {
    const held = uses.filter(({ by }) => by === 'mount' || by === 'environment');
    const readers: SecretReader[] = uses.flatMap(({ subject, how, by, places }) =>
      by === undefined ? [] : [{ who: subject, by, how, places }],
    );
    const holding = new Set(readers.map(({ who }) => who));
    const seen = new Set<string>();
    const steps = [...(this.#steps.get(`${cluster}/`) ?? []), ...(this.#steps.get(`${cluster}/${namespace}`) ?? [])];
    for (const step of steps.sort((one, other) => plainness(one) - plainness(other))) {
      if (seen.has(step.identity)) continue;
      const how = this.#howOf(step, cluster, name, held);
      if (how === undefined) continue;
      seen.add(step.identity);
      readers.push({ who: this.#nameOf(step.identity), by: how.by, how: how.words, places: step.places });
    }
    if (uses.some(({ by }) => by !== undefined))
      for (const node of this.#nodes.get(cluster) ?? [])
        if (!holding.has(node.who))
          readers.push({ ...node, how: `${node.how}, and its node may run pods that hold it` });
    readers.push(...(this.#databases.get(cluster) ?? []));
    return { readers: readers.slice(0, MOST), more: Math.max(0, readers.length - MOST) };
  }

  #howOf(
    step: PermissionStep,
    cluster: string,
    name: string,
    held: readonly SecretUse[],
  ): { by: SecretReader['by']; words: string } | undefined {
    const tokens = this.#holders.get(step.identity) ?? [];
    const holder =
      tokens.length === 0
        ? ''
        : `; ${tokens.slice(0, 2).join(' and ')} ${tokens.length === 1 ? 'holds' : 'hold'} its token`;
    const said = (words: string) => `${words} (${step.reason})${holder}`;
    if (step.target === 'control-plane') return { by: 'permission', words: said(step.phrase) };
    if (step.target === 'secrets')
      return step.names.length === 0 || step.names.includes(name)
        ? { by: 'permission', words: said(step.phrase) }
        : undefined;
    const entered = held.find(({ subject }) => {
      const workload = this.#workloads.get(`${cluster} ${subject}`);
      if (workload === undefined || (step.namespace !== '' && workload.namespace !== step.namespace)) return false;
      return (
        step.names.length === 0 ||
        step.names.some((one) => one === workload.name || one.startsWith(`${workload.name}-`))
      );
    });
    return entered === undefined
      ? undefined
      : { by: 'exec', words: said(`${step.phrase}, and ${entered.subject} holds it`) };
  }

  #nameOf(id: string): string {
    const identity = this.#identities.get(id);
    if (identity === undefined) return id;
    const { kind, namespace, name } = identity;
    return `${kinds[kind]} ${namespace === '' ? name : `${namespace}/${name}`}`;
  }
}
