import type { FixStory } from '@breakwater/model';
import { patchFor } from '@breakwater/outputs/changes';
import type { PreparedFix } from '../assessment/assessment.ts';

/** The patch of a fix, made from the files as they are now. `readText` throws for a file that is gone. */
export function patchFix(
  { fix, change, objects, describedBy }: PreparedFix,
  readText: (path: string) => string,
): FixStory {
  const { patch, files, notes } = patchFor(change, { objects, readText, describedBy: (id) => describedBy[id] });
  return { fix: { ...fix, files }, patch, notes };
}
