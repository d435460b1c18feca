import type { JsonObject, ManifestObject, Place } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf, textOf } from '../json/index.ts';

/** Where the data of a claim lie, as far as the manifests or the cluster tell. */
export interface ClaimVolume {
  /** Name of the persistent volume. */
  volume: string;
  /** Equal for volumes that hold the same data: `nfs:10.0.0.1:/export`, `csi:ebs.csi.aws.com:vol-1`. */
  store: string;
  /** The path of the node, for volumes of kind hostPath and local. */
  hostPath?: string;
  place: Place;
}

/** Volume sources by the fields that together say which data are meant. */
const SOURCES: readonly (readonly [source: string, ...fields: string[]])[] = [
  ['nfs', 'server', 'path'],
  ['csi', 'driver', 'volumeHandle'],
  ['awsElasticBlockStore', 'volumeID'],
  ['gcePersistentDisk', 'pdName'],
  ['azureDisk', 'diskURI'],
  ['azureFile', 'shareName', 'secretName'],
  ['cephfs', 'monitors', 'path'],
  ['rbd', 'image', 'pool', 'monitors'],
  ['glusterfs', 'endpoints', 'path'],
  ['iscsi', 'targetPortal', 'iqn', 'lun'],
  ['vsphereVolume', 'volumePath'],
];

/** The persistent volumes behind claims, by the claim's own word (`volumeName`) or the volume's (`claimRef`). */
export class ClaimVolumes {
  readonly #byClaim = new Map<string, ClaimVolume>();

  constructor(objects: readonly ManifestObject[]) {
    const volumes = new Map<string, ManifestObject>();
    for (const object of objects) {
      if (object.kind !== 'PersistentVolume' || object.apiVersion !== 'v1') continue;
      volumes.set(`${object.cluster}/${object.name}`, object);
      const claim = objectOf(fieldAt(object.object, 'spec', 'claimRef'));
      const [namespace, name] = [textOf(fieldOf(claim, 'namespace')), textOf(fieldOf(claim, 'name'))];
      if (namespace !== undefined && name !== undefined)
        this.#byClaim.set(`${object.cluster}/${namespace}/${name}`, volumeOf(object));
    }
    for (const { kind, apiVersion, cluster, namespace, name, object } of objects) {
      if (kind !== 'PersistentVolumeClaim' || apiVersion !== 'v1') continue;
      const volume = volumes.get(`${cluster}/${textOf(fieldAt(object, 'spec', 'volumeName')) ?? ''}`);
      if (volume !== undefined) this.#byClaim.set(`${cluster}/${namespace}/${name}`, volumeOf(volume));
    }
  }

  /** Undefined where nobody says which volume the claim has. */
  of(cluster: string, namespace: string, claim: string): ClaimVolume | undefined {
    return this.#byClaim.get(`${cluster}/${namespace}/${claim}`);
  }
}

function volumeOf({ cluster, name, object, place }: ManifestObject): ClaimVolume {
  const spec = objectOf(fieldOf(object, 'spec'));
  const hostPath = textOf(fieldAt(spec, 'hostPath', 'path')) ?? textOf(fieldAt(spec, 'local', 'path'));
  const store = storeOf(spec) ?? `volume:${cluster}/${name}`;
  return { volume: name, store, place, ...(hostPath === undefined ? {} : { hostPath }) };
}

/** Names the data of a volume source that lies outside of the node; undefined for all others. */
export function storeOf(spec: JsonObject | undefined): string | undefined {
  for (const [source, ...fields] of SOURCES) {
    const found = objectOf(fieldOf(spec, source));
    if (found === undefined) continue;
    const words = fields.map((field) => wordOf(found, field));
    return words.every((word) => word === '') ? undefined : `${source}:${words.join(':')}`;
  }
  return undefined;
}

function wordOf(source: JsonObject, field: string): string {
  const value = fieldOf(source, field);
  if (Array.isArray(value)) return value.map(String).sort().join(',');
  if (value === undefined || value === null || typeof value === 'object') return '';
  return field === 'path' ? withoutSlashes(String(value)) : String(value);
}

/** `/export//a/` is `/export/a`. */
function withoutSlashes(path: string): string {
  return `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`;
}
