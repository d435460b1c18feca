import type { JsonObject, ManifestObject, Place } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf, textOf } from '../json/index.ts';

/** A claim that is filled with the data of another, and may outlive what protects it. */
export interface VolumeCopy {
  cluster: string;
  /** The claim that holds the copy. */
  namespace: string;
  claim: string;
  /** The claim whose data were copied. */
  from: { namespace: string; claim: string };
  /** The snapshot between them; absent for a clone. */
  snapshot?: { namespace: string; name: string };
  places: Place[];
}

interface Source {
  kind: string;
  namespace: string;
  name: string;
}

/** Claims made from snapshots and from other claims, also across namespaces. */
export function copiesOf(objects: readonly ManifestObject[]): VolumeCopy[] {
  const snapshots = new Snapshots(objects);
  return objects.flatMap(({ kind, apiVersion, cluster, namespace, name, object, place }): VolumeCopy[] => {
    if (kind !== 'PersistentVolumeClaim' || apiVersion !== 'v1') return [];
    const source = sourceOf(object, namespace);
    if (source === undefined) return [];
    const copy = { cluster, namespace, claim: name, places: [place] };
    if (source.kind === 'PersistentVolumeClaim')
      return [{ ...copy, from: { namespace: source.namespace, claim: source.name } }];
    const from = snapshots.claimOf(cluster, source.namespace, source.name);
    if (from === undefined) return [];
    return [{ ...copy, from, snapshot: { namespace: source.namespace, name: source.name } }];
  });
}

/** `dataSourceRef` says more than `dataSource`: it may name another namespace. */
function sourceOf(claim: JsonObject, namespace: string): Source | undefined {
  const spec = objectOf(fieldOf(claim, 'spec'));
  const source = objectOf(fieldOf(spec, 'dataSourceRef')) ?? objectOf(fieldOf(spec, 'dataSource'));
  const [kind, name] = [textOf(fieldOf(source, 'kind')), textOf(fieldOf(source, 'name'))];
  if (kind !== 'PersistentVolumeClaim' && kind !== 'VolumeSnapshot') return undefined;
  if (name === undefined) return undefined;
  return { kind, name, namespace: textOf(fieldOf(source, 'namespace')) ?? namespace };
}

/** Which claim a snapshot was taken of: by its own word, or by another snapshot of the same content. */
class Snapshots {
  readonly #claims = new Map<string, { namespace: string; claim: string }>();
  readonly #handles = new Map<string, { namespace: string; claim: string }>();
  readonly #contentOf = new Map<string, string>();

  constructor(objects: readonly ManifestObject[]) {
    const own = objects.filter(({ apiVersion }) => apiVersion.startsWith('snapshot.storage.k8s.io/'));
    for (const { kind, cluster, namespace, name, object } of own) {
      if (kind !== 'VolumeSnapshot') continue;
      const claim = textOf(fieldAt(object, 'spec', 'source', 'persistentVolumeClaimName'));
      if (claim !== undefined) this.#claims.set(`${cluster}/${namespace}/${name}`, { namespace, claim });
      const content = textOf(fieldAt(object, 'spec', 'source', 'volumeSnapshotContentName'));
      if (content !== undefined) this.#contentOf.set(`${cluster}/${namespace}/${name}`, `${cluster}/${content}`);
    }
    for (const each of own) this.#addContent(each);
  }

  /** A content that was made for a snapshot of a claim tells whose data its handle names. */
  #addContent({ kind, cluster, name, object }: ManifestObject): void {
    if (kind !== 'VolumeSnapshotContent') return;
    const handle =
      textOf(fieldAt(object, 'spec', 'source', 'snapshotHandle')) ??
      textOf(fieldAt(object, 'status', 'snapshotHandle'));
    const snapshot = objectOf(fieldAt(object, 'spec', 'volumeSnapshotRef'));
    const key = `${cluster}/${textOf(fieldOf(snapshot, 'namespace')) ?? ''}/${textOf(fieldOf(snapshot, 'name')) ?? ''}`;
    const claim = this.#claims.get(key);
    if (handle === undefined) return;
    if (claim !== undefined) this.#handles.set(handle, claim);
    this.#contentOf.set(`${cluster}/${name}`, handle);
  }

  claimOf(cluster: string, namespace: string, name: string): { namespace: string; claim: string } | undefined {
    const key = `${cluster}/${namespace}/${name}`;
    const content = this.#contentOf.get(key);
    return this.#claims.get(key) ?? this.#handles.get(this.#contentOf.get(content ?? '') ?? '');
  }
}
