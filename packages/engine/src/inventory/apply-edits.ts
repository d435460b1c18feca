import { editObject, type ManifestObject, type ObjectEdit, workloadId } from '@breakwater/model';

/**
 * The objects as they would be with some edits applied, to try a fix before it is made. Every definition of an edited
 * object is changed; all else is the same object as before, not a copy. Inputs stay as they are.
 */
export function applyEdits(objects: readonly ManifestObject[], edits: readonly ObjectEdit[]): ManifestObject[] {
  const byObject = new Map<string, ObjectEdit[]>();
  for (const edit of edits) {
    const known = byObject.get(workloadId(edit));
    if (known === undefined) byObject.set(workloadId(edit), [edit]);
    else known.push(edit);
  }
  return objects.map((object) => {
    const own = byObject.get(workloadId(object));
    return own === undefined ? object : { ...object, object: editObject(object.object, own) };
  });
}
