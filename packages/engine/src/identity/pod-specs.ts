import type { Json, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { definitionsOf } from '../inventory/definitions-of.ts';
import { fieldOf, objectOf } from '../json/index.ts';

/**
 * The pod specs of workloads as their manifests write them, by workload id: for the fields that `Workload` does not
 * carry. Where several files define a workload, the one that `Workload` describes is taken.
 */
export function podSpecsOf(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): Map<string, JsonObject> {
  const specs = new Map<string, JsonObject>();
  const definitions = definitionsOf(objects, workloads);
  for (const [position, workload] of workloads.entries()) {
    const spec = podSpecOf(definitions[position], workload);
    if (spec !== undefined) specs.set(workload.id, spec);
  }
  return specs;
}

/** The pod spec of a workload in the object that defines it. */
export const podSpecOf = (
  definition: ManifestObject | undefined,
  { podSpecPointer }: Pick<Workload, 'podSpecPointer'>,
): JsonObject | undefined => definition && goDown(definition.object, podSpecPointer);

function goDown(object: JsonObject, pointer: readonly (string | number)[]): JsonObject | undefined {
  let value: Json | undefined = object;
  for (const step of pointer)
    value =
      typeof step === 'number' ? (Array.isArray(value) ? value[step] : undefined) : fieldOf(objectOf(value), step);
  return objectOf(value);
}
