import {
  alignPointer,
  editObject,
  type JsonObject,
  type ManifestObject,
  type ObjectEdit,
  workloadId,
} from '@breakwater/model';
import { workloadsOf } from './workloads-of.ts';

/**
 * The objects as they would be with some edits applied, to try a fix before it is made. Every definition of an edited
 * object is changed, items of lists found again by name where variants order them differently; all else is the same object
 * as before, not a copy. Inputs stay as they are.
 */
export function applyEdits(objects: readonly ManifestObject[], edits: readonly ObjectEdit[]): ManifestObject[] {
  const byObject = Map.groupBy(edits, workloadId);
  const names = new Set(edits.map(({ name }) => name));
  const definitions = Map.groupBy(
    objects.filter(({ name }) => names.has(name)),
    workloadId,
  );
  return objects.map((object) => {
    const own = names.has(object.name) ? byObject.get(workloadId(object)) : undefined;
    if (own === undefined) return object;
    const reference = describedVariant(definitions.get(workloadId(object))!);
    const aligned = own.flatMap((edit) => {
      const pointer = alignPointer(reference, object.object, edit.pointer);
      return pointer === undefined ? [] : [{ ...edit, pointer }];
    });
    return { ...object, object: editObject(object.object, aligned) };
  });
}

/* The variant that the workload describes: pointers of edits were made from it. */
function describedVariant(definitions: ManifestObject[]): JsonObject {
  const [first, ...others] = definitions;
  if (others.length === 0) return first!.object;
  const place = workloadsOf(definitions).workloads[0]?.definitions[0];
  const described = place && definitions.find((definition) => definition.place === place);
  return (described ?? first!).object;
}
