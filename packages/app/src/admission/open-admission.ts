import type { AdvisoryStatus } from '@breakwater/model';
import { builtInPolicies } from '@breakwater/sources/policies';
import { openPolicySet, type PolicyChoice } from '../estate/policy-set.ts';
import { type AdmissionBasis, openBasis } from './basis.ts';
import { type ReadSnapshot, readSnapshot, snapshotPath } from './snapshot-file.ts';

/** What requests are to be judged by. */
export interface AdmissionSources extends PolicyChoice {
  /** State folder, in which the worker leaves the snapshot. */
  state: string;
  /** Where the snapshot is instead. */
  snapshot?: string | undefined;
  /** Files and folders of policies, exceptions and settings, beside those of the snapshot. */
  policies: string[];
}

/** Path of the snapshot. */
export const snapshotOf = ({ state, snapshot }: AdmissionSources): string => snapshot ?? snapshotPath(state);

/** At admission no image is matched: what the catalogue says is in the verdicts of images already. */
const ADVISORIES: AdvisoryStatus = { imported: false, advisories: 0, rows: 0, rejected: 0, ecosystems: [] };

/**
 * Reads everything that requests are judged by: our policies, those of the snapshot, and those of the given paths.
 * Throws UserError where a snapshot is there and cannot be used, and for packs and versions that there are not.
 */
export async function openAdmission(sources: AdmissionSources, now: string): Promise<AdmissionBasis> {
  return await openAdmissionFrom(await readSnapshot(snapshotOf(sources)), sources, now);
}

/** The same with a snapshot that was read already; undefined where there is none. */
export async function openAdmissionFrom(
  read: ReadSnapshot | undefined,
  { policies: paths, packs = [], kubernetesVersion }: Omit<AdmissionSources, 'state' | 'snapshot'>,
  now: string,
): Promise<AdmissionBasis> {
  const ours = builtInPolicies();
  const { snapshot, version = '' } = read ?? {};
  const files = {
    ...ours,
    policies: [...ours.policies, ...(snapshot?.policies ?? [])],
    exceptions: [...ours.exceptions, ...(snapshot?.exceptions ?? [])],
    foreign: [...ours.foreign, ...(snapshot?.foreign ?? [])],
    settings: [...ours.settings, ...(snapshot?.settings ?? [])],
  };
  const choice = {
    packs: [...new Set([...packs, ...(snapshot?.packs ?? [])])],
    kubernetesVersion: kubernetesVersion ?? snapshot?.kubernetesVersion,
  };
  const { policySet, unknowns } = await openPolicySet(paths, now, ADVISORIES, files, choice);
  return openBasis(snapshot, version, { ...policySet, unknowns });
}
