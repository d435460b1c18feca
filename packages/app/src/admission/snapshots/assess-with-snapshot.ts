import { readPolicies } from '@breakwater/sources/policies';
import type { Assessment } from '../../assessment/assessment.ts';
import { type AssessPathsOptions, assessPaths } from '../../estate/assess-paths.ts';
import type { Snapshot } from '../snapshot.ts';
import { buildSnapshot } from './build-snapshot.ts';

/** Reads and judges an estate, and gives with its assessment what admission needs of it. */
export async function assessWithSnapshot(
  paths: string[],
  options: AssessPathsOptions,
  cluster?: string,
): Promise<{ assessment: Assessment; snapshot: Snapshot }> {
  let snapshot: Snapshot | undefined;
  const { policies = [], packs, kubernetesVersion } = options;
  const assessment = await assessPaths(paths, {
    ...options,
    onGathered(gathered, reading, set) {
      options.onGathered?.(gathered, reading, set);
      const { unknowns: _, ...files } = readPolicies([...reading.policyFiles, ...policies]);
      snapshot = buildSnapshot({ reading, gathered, set, files, choice: { packs, kubernetesVersion }, cluster });
    },
  });
  if (snapshot === undefined) throw new Error('an assessment gathers facts');
  return { assessment, snapshot };
}
