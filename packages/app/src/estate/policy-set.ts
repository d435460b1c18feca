import { type CompiledPolicy, loadPolicies } from '@breakwater/engine/policy';
import type { AdvisoryStatus, Exception, Unknown } from '@breakwater/model';
import { builtInPolicies, locateFaults, readPolicies } from '@breakwater/sources/policies';

/** Policies and exceptions in force, and what they need to know of the machine. */
export interface PolicySet {
  policies: CompiledPolicy[];
  exceptions: Exception[];
  /** ISO 8601. */
  now: string;
  /** Whether the catalogue of known exploited vulnerabilities was imported. */
  catalogueImported: boolean;
}

/** Our policies, and those of the given files and folders. Without advisories the catalogue of known exploited ones counts as missing. */
export async function openPolicySet(
  paths: string[],
  now: string,
  advisories?: AdvisoryStatus,
  ours = builtInPolicies(),
): Promise<{ policySet: PolicySet; unknowns: Unknown[] }> {
  const theirs = readPolicies(paths);
  const loaded = loadPolicies([...ours.policies, ...theirs.policies]);
  const policySet: PolicySet = {
    policies: loaded.policies,
    exceptions: [...ours.exceptions, ...theirs.exceptions],
    now,
    catalogueImported: advisories?.kevDate !== undefined,
  };
  return { policySet, unknowns: await locateFaults([...ours.unknowns, ...theirs.unknowns, ...loaded.unknowns]) };
}
