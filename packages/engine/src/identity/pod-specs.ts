import type { Json, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { fieldOf, objectOf } from '../json/index.ts';

/**
 * The pod specs of workloads as their manifests write them, by workload id: for the fields that `Workload` does not
 * carry. Where several files define a workload, the one that `Workload` describes is taken.
 */
export function podSpecsOf(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): Map<string, JsonObject> {
  const byId = new Map<string, ManifestObject[]>();
  for (const object of objects) {
    const id = `${object.cluster}/${object.namespace}/${object.kind}/${object.name}`;
    const known = byId.get(id);
    if (known === undefined) byId.set(id, [object]);
    else known.push(object);
  }
  const specs = new Map<string, JsonObject>();
  for (const workload of workloads) {
    const variants = byId.get(workload.id) ?? [];
    const first = workload.definitions[0];
    const object =
      variants.find(({ place }) => place.source === first?.source && place.document === first?.document) ?? variants[0];
    const spec = object === undefined ? undefined : goDown(object.object, workload.podSpecPointer);
    if (spec !== undefined) specs.set(workload.id, spec);
  }
  return specs;
}

function goDown(object: JsonObject, pointer: readonly (string | number)[]): JsonObject | undefined {
  let value: Json | undefined = object;
  for (const step of pointer)
    value =
      typeof step === 'number' ? (Array.isArray(value) ? value[step] : undefined) : fieldOf(objectOf(value), step);
  return objectOf(value);
}
