import type { AdvisoryStatus } from '@breakwater/model';
import { builtInPolicies, locateFaults, readPolicies } from '@breakwater/sources/policies';
import { openPolicySet, type PolicyChoice } from '../estate/policy-set.ts';
import { type AdmissionBasis, openBasis } from './basis.ts';
import { type LastGood, openWithLastGood } from './last-good.ts';
import { bySource, noDocuments, type PolicyDocuments, together } from './policy-documents.ts';
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

/** What was opened, and what files held that are good: for the next time that one of them is not. */
export interface OpenedAdmission {
  basis: AdmissionBasis;
  lastGood: LastGood;
}

/** Path of the snapshot. */
export const snapshotOf = ({ state, snapshot }: AdmissionSources): string => snapshot ?? snapshotPath(state);

/** At admission no image is matched: what the catalogue says is in the verdicts of images already. */
const ADVISORIES: AdvisoryStatus = { imported: false, advisories: 0, rows: 0, rejected: 0, ecosystems: [] };

/**
 * Reads everything that requests are judged by: our policies, those of the snapshot, and those of the given paths.
 * Throws UserError where a snapshot is there and cannot be used, and for packs and versions that there are not.
 *
 * @param lastGood counts in place of files that are at fault now.
 */
export async function openAdmission(
  sources: AdmissionSources,
  now: string,
  lastGood?: LastGood,
): Promise<OpenedAdmission> {
  return await openAdmissionFrom(await readSnapshot(snapshotOf(sources)), sources, now, lastGood);
}

/**
 * The same with a snapshot that was read already; undefined where there is none. One that is damaged leaves what was last
 * good of the policies in it.
 */
export async function openAdmissionFrom(
  read: ReadSnapshot | 'damaged' | undefined,
  { policies: paths, packs = [], kubernetesVersion }: Omit<AdmissionSources, 'state' | 'snapshot'>,
  now: string,
  lastGood: LastGood = new Map(),
): Promise<OpenedAdmission> {
  const { snapshot = undefined, version = '' } = read === 'damaged' || read === undefined ? {} : read;
  const { unknowns: faults, ...files } = readPolicies(paths);
  const choice = {
    packs: [...new Set([...packs, ...(snapshot?.packs ?? [])])],
    kubernetesVersion: kubernetesVersion ?? snapshot?.kubernetesVersion,
  };
  const open = async (documents: PolicyDocuments) => {
    const ours = builtInPolicies();
    const all = { ...together([ours, documents]), unknowns: ours.unknowns };
    return await openPolicySet([], now, ADVISORIES, all, choice);
  };
  const written = together([
    together(beside(files, read === 'damaged' ? lastGood : bySource(snapshot ?? noDocuments()))),
    files,
  ]);
  const {
    opened,
    lastGood: good,
    unknowns,
  } = await openWithLastGood(written, await locateFaults(faults), lastGood, open);
  const told = [...(snapshot?.faults ?? []), ...unknowns];
  return { basis: openBasis(snapshot, version, { ...opened.policySet, unknowns: told }), lastGood: good };
}

/** Of files that are read here too, what stands in them now counts: a snapshot has it as it was. */
function beside(files: PolicyDocuments, known: ReadonlyMap<string, PolicyDocuments>): PolicyDocuments[] {
  const read = bySource(files);
  return [...known].flatMap(([source, documents]) => (read.has(source) ? [] : [documents]));
}
