import { readPolicies } from '@breakwater/sources/policies';
import type { Assessment } from '../../assessment/assessment.ts';
import { type AssessPathsOptions, assessPaths } from '../../estate/assess-paths.ts';
import { bySource, faultySources, together, withLastGood } from '../policy-documents.ts';
import type { Snapshot } from '../snapshot.ts';
import { readSnapshot, snapshotPath } from '../snapshot-file.ts';
import { buildSnapshot } from './build-snapshot.ts';

/** What a snapshot is made for. */
export interface SnapshotChoice {
  /** Name of the cluster; the first that was read where none is given. */
  cluster?: string | undefined;
  /** Of the snapshot before, in the state folder by default: what a file held then goes on where it is at fault now. */
  previous?: string | undefined;
}

/** Reads and judges an estate, and gives with its assessment what admission needs of it. */
export async function assessWithSnapshot(
  paths: string[],
  options: AssessPathsOptions,
  { cluster, previous = snapshotPath(options.state) }: SnapshotChoice = {},
): Promise<{ assessment: Assessment; snapshot: Snapshot }> {
  let snapshot: Snapshot | undefined;
  let sources = new Set<string>();
  const { policies = [], packs, kubernetesVersion } = options;
  const assessment = await assessPaths(paths, {
    ...options,
    onGathered(gathered, reading, set) {
      options.onGathered?.(gathered, reading, set);
      const { unknowns, ...files } = readPolicies([...reading.policyFiles, ...policies]);
      sources = new Set([...bySource(files).keys(), ...unknowns.map(({ place }) => place.source)]);
      options.onGathered?.(gathered, reading, set);
      snapshot = buildSnapshot({ reading, gathered, set, files, choice: { packs, kubernetesVersion }, cluster });
    },
  });
  if (snapshot === undefined) throw new Error('an assessment gathers facts');
  const faults = assessment.ranking.unknowns.filter(({ place }) => sources.has(place.source));
  return { assessment, snapshot: await mended({ ...snapshot, faults }, previous) };
}

/** With what files at fault held when the snapshot before was made. */
async function mended(snapshot: Snapshot, previous: string): Promise<Snapshot> {
  const faulty = faultySources(snapshot.faults);
  const before = faulty.size === 0 ? undefined : await readSnapshot(previous).catch(() => undefined);
  if (before === undefined) return snapshot;
  const { files, replaced } = withLastGood(bySource(snapshot), bySource(before.snapshot), faulty);
  const faults = snapshot.faults.map((fault) =>
    replaced.has(fault.place.source) ? { ...fault, hint: 'What it held before stays in force at admission.' } : fault,
  );
  return { ...snapshot, ...together(files.values()), faults };
}
