import { dirname, join } from 'node:path/posix';
import type { EstateFacts, RankResult } from '@breakwater/engine/risk';
import { type Change, type ManifestObject, workloadId, writtenPlace } from '@breakwater/model';
import type { PreparedFix } from '../assessment/assessment.ts';

/** Each fix with what its patch needs, and the files that the patch will touch. */
export function prepareFixes(ranked: RankResult, facts: EstateFacts): PreparedFix[] {
  const workloads = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  const objects = Map.groupBy(facts.objects, (object) => workloadId(object));
  const changes = new Map(ranked.changes.map((change) => [change.id, change]));
  return ranked.ranking.fixes.flatMap((fix): PreparedFix[] => {
    const change = changes.get(fix.id);
    if (!change) return [];
    const edited = editedObjects(change, objects);
    const described = change.edits.flatMap((edit) => {
      const place = edit.target === 'object' ? workloads.get(workloadId(edit))?.definitions[0] : undefined;
      return edit.target === 'object' && place ? [[workloadId(edit), place] as const] : [];
    });
    return [
      {
        fix: { ...fix, files: filesOf(change, edited) },
        change,
        objects: edited,
        describedBy: Object.fromEntries(described),
      },
    ];
  });
}

function editedObjects(change: Change, objects: ReadonlyMap<string, ManifestObject[]>): ManifestObject[] {
  const ids = new Set(change.edits.flatMap((edit) => (edit.target === 'object' ? [workloadId(edit)] : [])));
  return [...ids].flatMap((id) => objects.get(id) ?? []);
}

/* A workload of another platform may be written in several files: those that say what is edited. */
function sourcesOf(change: Change, object: ManifestObject): string[] {
  if (object.translation === undefined) return [object.place.source];
  const id = workloadId(object);
  return change.edits.flatMap((edit) =>
    edit.target === 'object' && workloadId(edit) === id ? [writtenPlace(object, edit.pointer).source] : [],
  );
}

function filesOf(change: Change, edited: ManifestObject[]): string[] {
  const others = change.edits.flatMap((edit) => {
    if (edit.target === 'text') return [edit.path];
    return edit.target === 'new-object' ? [join(dirname(edit.beside), edit.fileName)] : [];
  });
  return [...new Set([...edited.flatMap((object) => sourcesOf(change, object)), ...others])].sort();
}
