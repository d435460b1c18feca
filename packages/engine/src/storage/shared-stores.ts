import type { JsonObject, ManifestObject, Place, Workload } from '@breakwater/model';
import { podSpecsOf } from '../identity/index.ts';
import { fieldOf, objectsOf, textOf } from '../json/index.ts';
import { ClaimVolumes, storeOf } from './claim-volumes.ts';

/** One workload's way to data. */
export interface StoreUse {
  workload: Workload;
  /** By which it mounts the data: `claim data`, `NFS 10.0.0.1:/export`, `host path /data`. */
  by: string;
  claim?: string;
  /** Some container may write. */
  writes: boolean;
  places: Place[];
}

/** Data that more than one workload mounts. */
export interface SharedStore {
  /** Stable, and equal wherever the same data are meant. */
  id: string;
  /** "claim shop/data", "NFS 10.0.0.1:/export", "the host path /data". */
  label: string;
  /** Nodes each have their own: only pods on the same node share it. */
  ofNode: boolean;
  cluster: string;
  uses: StoreUse[];
  /** Namespaces of its users, sorted: more than one where tenants share it. */
  namespaces: string[];
}

/** Paths of the node that hold no data of workloads: the node itself and its programs do. */
const nodesOwn =
  /^\/($|(proc|sys|dev|run|var\/run|etc|usr|bin|sbin|lib|lib64|boot|root|home|var|var\/lib|var\/log|opt\/cni)$|(proc|sys|dev|run|var\/run|etc|usr|bin|sbin|lib|lib64|boot|root|opt\/cni|var\/log|var\/lib\/(kubelet|docker|containerd|etcd|cni|calico))\/)/;

/**
 * Data that several workloads mount: one claim, claims whose volumes are the same share, the same NFS export or the same
 * path of the node; who mounts a folder above also has what lies below. Linear in mounts times the depth of paths.
 */
export function sharedStores(objects: readonly ManifestObject[], workloads: readonly Workload[]): SharedStore[] {
  const specs = podSpecsOf(objects, workloads);
  const volumes = new ClaimVolumes(objects);
  const stores = new Map<string, SharedStore>();
  for (const workload of workloads)
    for (const { id, label, ofNode, use } of usesOf(workload, specs.get(workload.id), volumes)) {
      const known = stores.get(id) ?? { id, label, ofNode, cluster: workload.cluster, uses: [], namespaces: [] };
      stores.set(id, known);
      const own = known.uses.find((each) => each.workload === workload);
      if (own === undefined) known.uses.push(use);
      else own.writes ||= use.writes;
    }
  addUsersFromAbove(stores);
  const shared = [...stores.values()].filter(({ uses }) => uses.length > 1);
  for (const store of shared)
    store.namespaces = [...new Set(store.uses.map(({ workload }) => workload.namespace))].sort();
  return shared;
}

interface FoundUse {
  id: string;
  label: string;
  ofNode: boolean;
  use: StoreUse;
}

function usesOf(workload: Workload, spec: JsonObject | undefined, volumes: ClaimVolumes): FoundUse[] {
  const { cluster, namespace } = workload;
  const written = new Map(objectsOf(fieldOf(spec, 'volumes')).map((each) => [textOf(fieldOf(each, 'name')), each]));
  return workload.volumes.flatMap(({ name, kind, from }): FoundUse[] => {
    const mounts = workload.containers.flatMap(({ mounts }) => mounts.filter(({ volume }) => volume === name));
    if (mounts.length === 0) return [];
    const use = {
      workload,
      writes: mounts.some(({ readOnly }) => !readOnly),
      places: workload.definitions.slice(0, 1),
    };
    if (kind === 'hostPath' && from !== undefined) return hostPathUse(cluster, from, use);
    if (kind === 'persistentVolumeClaim' && from !== undefined) {
      if (isTemplate(workload, name, spec)) return [];
      const bound = volumes.of(cluster, namespace, from);
      const claim = { ...use, claim: from, by: `claim ${from}` };
      if (bound?.hostPath !== undefined) return hostPathUse(cluster, bound.hostPath, claim);
      const id = bound === undefined ? `claim:${cluster}/${namespace}/${from}` : bound.store;
      const label =
        bound === undefined || bound.store.startsWith('volume:') ? `claim ${namespace}/${from}` : labelOf(id);
      return [{ id, label, ofNode: false, use: claim }];
    }
    const store = storeOf(written.get(name));
    if (store === undefined) return [];
    return [{ id: store, label: labelOf(store), ofNode: false, use: { ...use, by: labelOf(store) } }];
  });
}

/** A StatefulSet's claim templates make one claim a pod: the name is no claim's. */
function isTemplate({ kind }: Workload, name: string, spec: JsonObject | undefined): boolean {
  return kind === 'StatefulSet' && !objectsOf(fieldOf(spec, 'volumes')).some((each) => fieldOf(each, 'name') === name);
}

function hostPathUse(cluster: string, path: string, use: Omit<StoreUse, 'by'> & { by?: string }): FoundUse[] {
  const clean = `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`;
  if (!path.startsWith('/') || path.includes('/../') || nodesOwn.test(clean) || /\.sock$/.test(clean)) return [];
  const label = `the host path ${clean}`;
  return [{ id: `host:${cluster}:${clean}`, label, ofNode: true, use: { ...use, by: use.by ?? `host path ${clean}` } }];
}

function labelOf(store: string): string {
  const [source = '', ...words] = store.split(':');
  return source === 'nfs' ? `NFS ${words.join(':')}` : `${source} ${words.join(' ')}`;
}

/** Whoever mounts `/export` has what lies in `/export/app` too. */
function addUsersFromAbove(stores: ReadonlyMap<string, SharedStore>): void {
  const own = new Map([...stores].map(([id, { uses }]) => [id, [...uses]]));
  for (const [id, store] of stores) {
    if (!id.startsWith('nfs:') && !id.startsWith('host:')) continue;
    const root = id.slice(0, id.indexOf(':/') + 1);
    const parts = id
      .slice(root.length)
      .split('/')
      .filter((part) => part !== '');
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      for (const use of own.get(`${root}/${parts.slice(0, depth).join('/')}`) ?? [])
        if (!store.uses.some(({ workload }) => workload === use.workload)) store.uses.push(use);
    }
  }
}
