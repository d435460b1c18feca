import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workloadsOf } from '@breakwater/engine/inventory';
import { Connectivity } from '@breakwater/engine/network/connectivity';
import { isObject, type JsonObject, type ManifestObject } from '@breakwater/model';
import { readManifestText } from '@breakwater/sources/manifests';

/** One state of a cluster: what can talk to what, and under which names. */
export interface State {
  reach: Connectivity;
  /** Names of the workloads, as the suite writes them. */
  names: string[];
  /** The manifests are such that no analysis can stand on them. */
  invalid: boolean;
}

/** Reads every manifest below a path of the suite. */
export function readState(folder: string, path: string): State {
  const objects = filesOf(join(folder, path)).flatMap((file) => {
    const read = readManifestText({ source: file, text: readFileSync(file, 'utf8'), inChart: false });
    return [...read.objects, ...read.patches];
  });
  const owners = new Map<string, string>();
  const groups = new Map<string, JsonObject[]>();
  const grouped = objects.map((object) => underOwner(object, owners, groups));
  const { workloads } = workloadsOf(grouped);
  const reach = new Connectivity('default', grouped, workloads);
  const names = workloads.map(({ id, namespace, name, kind }) => `${namespace}/${name}[${owners.get(id) ?? kind}]`);
  return { reach, names, invalid: reach.problems.length > 0 || areToldApart(reach, groups) };
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** A pod whose owner is not in the manifests stands under its owner's name. */
function underOwner(
  object: ManifestObject,
  owners: Map<string, string>,
  groups: Map<string, JsonObject[]>,
): ManifestObject {
  const metadata = object.object['metadata'];
  if (object.kind !== 'Pod' || !isObject(metadata)) return object;
  const [owner] = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  if (!isObject(owner) || typeof owner['name'] !== 'string' || typeof owner['kind'] !== 'string') return object;
  const { ownerReferences: _, ...rest } = metadata;
  const named = { ...object, name: owner['name'], object: { ...object.object, metadata: rest } };
  const id = `${object.cluster}/${object.namespace}/Pod/${owner['name']}`;
  owners.set(id, owner['kind']);
  groups.set(id, [...(groups.get(id) ?? []), isObject(rest['labels']) ? rest['labels'] : {}]);
  return named;
}

/** Whether policies tell pods of one owner apart: then one name cannot stand for all of them. */
function areToldApart(reach: Connectivity, groups: ReadonlyMap<string, JsonObject[]>): boolean {
  const keys = new Set(
    reach.policies.flatMap(({ subject, ingress, egress }) => {
      const peers = [...(ingress ?? []), ...(egress ?? [])].flatMap((rule) => rule.peers ?? []);
      return [subject, ...peers].flatMap((one) => ('pods' in one ? one.pods.requirements.map(({ key }) => key) : []));
    }),
  );
  return [...groups.values()].some((labels) =>
    [...keys].some((key) => labels.some((other) => other[key] !== labels[0]?.[key])),
  );
}
