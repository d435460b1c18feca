import type { EstateFacts, RankResult } from '@breakwater/engine/risk';
import { patchFor } from '@breakwater/outputs/changes';
import type { PreparedFix } from '../assessment/assessment.ts';

/** Fixes for which a patch is made at once; people apply the first few and rank again. */
const PATCHED = 200;

/** Each fix with the patch of the original files. */
export function prepareFixes(
  ranked: RankResult,
  facts: EstateFacts,
  readText: (path: string) => string,
): PreparedFix[] {
  const workloads = new Map(facts.workloads.map((workload) => [workload.id, workload]));
  const changes = new Map(ranked.changes.map((change) => [change.id, change]));
  return ranked.ranking.fixes.map((fix, index) => {
    const change = changes.get(fix.id);
    if (!change || index >= PATCHED) return { fix, patch: '', notes: [] };
    const { patch, files, notes } = patchFor(change, {
      objects: facts.objects,
      readText,
      describedBy: (id) => workloads.get(id)?.definitions[0],
    });
    return { fix: { ...fix, files }, patch, notes };
  });
}
