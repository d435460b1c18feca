import type { ManifestObject, Workload } from '@breakwater/model';

type Definitions = readonly (ManifestObject | undefined)[];

/** What was found for some workloads, so that it is not looked for again by every fact that reads pod specs. */
const found = new WeakMap<readonly Workload[], { objects: readonly ManifestObject[]; definitions: Definitions }>();

/**
 * The object that says each workload, by its position: for the fields that `Workload` does not carry. Where several files
 * define a workload, the one that `Workload` describes is taken.
 */
export function definitionsOf(objects: readonly ManifestObject[], workloads: readonly Workload[]): Definitions {
  const known = found.get(workloads);
  if (known?.objects === objects) return known.definitions;
  const definitions = find(objects, workloads);
  found.set(workloads, { objects, definitions });
  return definitions;
}

function find(objects: readonly ManifestObject[], workloads: readonly Workload[]): Definitions {
  const positions = new Map(workloads.map(({ id }, position) => [id, position]));
  const kinds = new Set(workloads.map(({ kind }) => kind));
  const definitions: (ManifestObject | undefined)[] = workloads.map(() => undefined);
  const described = new Uint8Array(workloads.length);
  for (const object of objects) {
    if (!kinds.has(object.kind)) continue;
    const position = positions.get(`${object.cluster}/${object.namespace}/${object.kind}/${object.name}`);
    if (position === undefined || described[position] === 1) continue;
    const [place] = workloads[position]!.definitions;
    const isDescribed = place?.source === object.place.source && place.document === object.place.document;
    if (isDescribed) described[position] = 1;
    if (isDescribed || definitions[position] === undefined) definitions[position] = object;
  }
  return definitions;
}
