import { loadPolicies } from '@breakwater/engine/policy';
import type { AdvisoryStatus, Unknown } from '@breakwater/model';
import { builtInPolicies, locateFaults, readPolicies } from '@breakwater/sources/policies';
import type { PolicySet } from './judge-policies.ts';

/** Our policies, and those among the given files. Without advisories the catalogue of known exploited ones counts as missing. */
export async function openPolicySet(
  files: string[],
  now: string,
  advisories?: AdvisoryStatus,
): Promise<{ policySet: PolicySet; unknowns: Unknown[] }> {
  const ours = builtInPolicies();
  const theirs = readPolicies(files);
  const loaded = loadPolicies([...ours.policies, ...theirs.policies]);
  const policySet: PolicySet = {
    policies: loaded.policies,
    exceptions: [...ours.exceptions, ...theirs.exceptions],
    now,
    catalogueImported: advisories?.kevDate !== undefined,
  };
  return { policySet, unknowns: await locateFaults([...ours.unknowns, ...theirs.unknowns, ...loaded.unknowns]) };
}
