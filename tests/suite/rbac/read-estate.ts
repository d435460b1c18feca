import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Grant, type IdentityFacts, identityOf, podSpecsOf } from '@breakwater/engine/identity';
import { workloadsOf } from '@breakwater/engine/inventory';
import type { Container, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { readManifestText } from '@breakwater/sources/manifests';

/** Something that an attack leads from or to, under the name that the suite gives it. */
export interface Vertex {
  name: string;
  /** Empty for what is in no namespace. */
  namespace: string;
}

/** What the manifests of a case put into a cluster that was empty. */
export interface Estate {
  objects: readonly ManifestObject[];
  /** Pod specs as written, by workload. */
  specs: ReadonlyMap<string, JsonObject>;
  identity: IdentityFacts;
  workloads: Workload[];
  /** Workloads whose containers see each other's processes. */
  sharing: ReadonlySet<string>;
  nodes: Vertex[];
  /** A node that may run a pod: the one that it names, else a worker. */
  nodeOf(workload: Workload): Vertex;
}

/** Reads the manifests of a case. */
export function readEstate(folder: string, manifests: readonly string[], nodes: readonly string[]): Estate {
  const objects = manifests.flatMap((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    return readManifestText({ source: path, text, inChart: false }).objects;
  });
  const { workloads } = workloadsOf(objects);
  const specs = podSpecsOf(objects, workloads);
  const sharing = workloads.filter(({ id }) => specs.get(id)?.['shareProcessNamespace'] === true).map(({ id }) => id);
  return {
    objects,
    specs,
    identity: identityOf(objects, workloads),
    workloads,
    sharing: new Set(sharing),
    nodes: nodes.map((name) => ({ name, namespace: '' })),
    nodeOf: ({ id }) => {
      const placed = specs.get(id)?.['nodeName'];
      const worker = nodes.find((name) => !/control-plane|master/.test(name)) ?? nodes[0] ?? '';
      return { name: typeof placed === 'string' ? placed : worker, namespace: '' };
    },
  };
}

/** `role::binding`, as the suite names what one binding gives. */
export function permissionSetOf({ role, binding, namespace }: Grant): Vertex {
  return { name: `${lastOf(role)}::${lastOf(binding)}`, namespace };
}

/** Of `Role shop/reader` and `ClusterRole view` the name. Names of roles hold no slash. */
const lastOf = (text: string): string => text.slice(Math.max(text.indexOf(' '), text.lastIndexOf('/')) + 1);

/** A container as the suite names it. */
export const containerOf = ({ namespace }: Workload, { name }: Container): Vertex => ({ name, namespace });
