import {
  type CompiledPolicy,
  checkExceptions,
  type LoadedPolicies,
  loadPolicies,
  parseKubernetesVersion,
} from '@breakwater/engine/policy';
import { type AdvisoryStatus, type Exception, type Unknown, UserError } from '@breakwater/model';
import type { ForeignDocument } from '@breakwater/model/foreign';
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

/** Which of the policies at hand are in force. */
export interface PolicyChoice {
  /** `1.29`, `v1.29.4`, `latest`: which revision of policies holds; the newest when absent. */
  kubernetesVersion?: string | undefined;
  /** Packs asked for, beside what is in force anyway. */
  packs?: string[] | undefined;
}

interface OpenedPolicies {
  policySet: PolicySet;
  /** Every policy that can be used, in force or not. */
  all: CompiledPolicy[];
  unknowns: Unknown[];
}

/**
 * Our policies, and those of the given files and folders, as settings there change them. Without advisories the catalogue
 * of known exploited ones counts as missing. Throws UserError for a pack or a version that there is not.
 */
export async function openPolicySet(
  paths: string[],
  now: string,
  advisories?: AdvisoryStatus,
  ours = builtInPolicies(),
  { kubernetesVersion = 'latest', packs = [] }: PolicyChoice = {},
): Promise<OpenedPolicies> {
  const theirs = readPolicies(paths);
  const kubernetes = parseKubernetesVersion(kubernetesVersion);
  if (kubernetes === undefined) {
    throw new UserError(`There is no version ${kubernetesVersion} of Kubernetes.`, {
      code: 'kubernetes-version-invalid',
      hint: 'Name a minor version such as 1.29, or latest.',
    });
  }
  const documents = [...ours.policies, ...theirs.policies];
  const settings = [...ours.settings, ...theirs.settings];
  const load = (foreign: CompiledPolicy[]) => loadPolicies(documents, { kubernetes, packs }, foreign, settings);
  const alone = load([]);
  const foreign = await compileForeign([...ours.foreign, ...theirs.foreign], alone.all);
  const loaded = foreign.policies.length === 0 ? alone : load(foreign.policies);
  requirePacks(packs, loaded.all);
  const names = new Set(loaded.all.map(({ policy }) => policy.metadata.name));
  const { exceptions, unknowns: idle } = checkExceptions([...ours.exceptions, ...theirs.exceptions], names);
  const policySet: PolicySet = {
    policies: loaded.policies,
    exceptions,
    now,
    catalogueImported: advisories?.kevDate !== undefined,
  };
  const unknowns = await locateFaults([
    ...ours.unknowns,
    ...theirs.unknowns,
    ...loaded.unknowns,
    ...foreign.unknowns,
    ...idle,
  ]);
  return { policySet, all: loaded.all, unknowns };
}

/** Compiles policies in the languages of others, loaded where there are any. */
async function compileForeign(
  documents: readonly ForeignDocument[],
  ours: readonly CompiledPolicy[],
): Promise<Pick<LoadedPolicies, 'policies' | 'unknowns'>> {
  if (documents.length === 0) return { policies: [], unknowns: [] };
  const { compileForeignPolicies } = await import('@breakwater/engine/policy/foreign');
  const taken = new Set(ours.map(({ policy }) => policy.metadata.name));
  return compileForeignPolicies(documents, { ours, taken });
}

/** A pack whose name is mistyped would judge nothing. */
function requirePacks(packs: readonly string[], all: readonly CompiledPolicy[]): void {
  const known = new Set(all.flatMap(({ policy }) => policy.spec.pack ?? []));
  const missing = packs.find((pack) => !known.has(pack));
  if (missing === undefined) return;
  throw new UserError(`There is no pack of policies named ${missing}.`, {
    code: 'pack-unknown',
    hint: `Packs at hand: ${[...known].sort().join(', ')}.`,
  });
}
