import { readFileSync } from 'node:fs';
import { leakOf } from '@breakwater/engine/risk/leak';
import { type Change, type LeakReport, SCHEMA_VERSION, workloadId } from '@breakwater/model';
import { patchFor } from '@breakwater/outputs/changes';
import { type AssessPathsOptions, gatherPaths } from '../estate/assess-paths.ts';
import type { GatheredFacts } from '../estate/gather-facts.ts';
import { withKnown } from './known-identities.ts';
import { readWho } from './read-who.ts';

/** What is told, and what makes it so. */
export interface LeakStory {
  report: LeakReport;
  /** The changes of the cut as one patch of the original files; empty where no file can carry them. */
  patch: string;
  notes: string[];
}

/** Tells what falls when a credential leaks. `who` as in `readWho`. Throws UserError for a `who` that says nobody. */
export async function tellLeak(who: string, paths: string[], options: AssessPathsOptions): Promise<LeakStory> {
  const leaking = await readWho(who, options.now);
  return gatherPaths(paths, options, ({ gathered, unknowns }) => {
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage: 'ranking', done: 0, total: 0, subject: '' });
    const { facts } = gathered;
    const { identities, unknowns: unnamed } = withKnown(leaking.identities, facts);
    const { cuts, ...leak } = leakOf(facts, identities);
    const { patch, notes, files } = patchOf(
      gathered,
      cuts.map(({ proposal }) => proposal.change),
    );
    const told = cuts.map(({ proposal: { change }, lossRemoved, lossRemovedTogether }, index) => ({
      id: change.id,
      title: change.title,
      detail: change.detail,
      lossRemoved,
      lossRemovedTogether,
      files: files[index] ?? [],
    }));
    return {
      report: {
        schemaVersion: SCHEMA_VERSION,
        identities,
        ...leak,
        cuts: told,
        unknowns: [...leaking.unknowns, ...unnamed, ...unknowns, ...gathered.unknowns],
      },
      patch,
      notes,
    };
  });
}

/** All changes as one patch, and the files of each. */
function patchOf({ facts }: GatheredFacts, changes: Change[]): { patch: string; notes: string[]; files: string[][] } {
  const objects = Map.groupBy(facts.objects, (object) => workloadId(object));
  const described = new Map(facts.workloads.map(({ id, definitions }) => [id, definitions[0]]));
  const sources = {
    objects: [...editedIn(changes)].flatMap((id) => objects.get(id) ?? []),
    readText: (path: string) => readFileSync(path, 'utf8'),
    describedBy: (id: string) => described.get(id),
  };
  const { patch, notes } = patchFor(changes, sources);
  return { patch, notes, files: changes.map((change) => patchFor(change, sources).files) };
}

const editedIn = (changes: Change[]): Set<string> =>
  new Set(
    changes.flatMap(({ edits }) => edits.flatMap((edit) => (edit.target === 'object' ? [workloadId(edit)] : []))),
  );
