import type { PolicyDocument, Unknown } from '@breakwater/model';
import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts';
import { UNSUPPLIED_FACTS } from './facts/facts.ts';
import { type PolicySelection, selectPolicies } from './select-policies.ts';

export interface LoadedPolicies {
  /** Those in force. */
  policies: CompiledPolicy[];
  /** All that can be used, with those of packs that were not asked for, and those that others override. */
  all: CompiledPolicy[];
  /** Policies that cannot be used, with the place of the fault, and those whose facts nothing supplies. */
  unknowns: Unknown[];
}

/**
 * Compiles policies, and tells which of them are in force; one at fault becomes an unknown with its place and the others
 * go on.
 */
export function loadPolicies(documents: readonly PolicyDocument[], selection: PolicySelection = {}): LoadedPolicies {
  const all: CompiledPolicy[] = [];
  const unknowns: Unknown[] = [];
  const names = new Set<string>();
  for (const document of documents) {
    const { policy, place } = document;
    const fault = (pointer: (string | number)[], message: string): Unknown => ({
      code: 'policy-invalid',
      message: `policy ${policy.metadata.name}: ${message}`,
      place: { ...place, pointer },
      subject: policy.metadata.name,
    });
    const faults: Unknown[] = [];
    if (names.has(policy.metadata.name)) faults.push(fault(['metadata', 'name'], 'another policy has this name'));
    const compiled = compilePolicy(document, (pointer, message) => faults.push(fault(pointer, message)));
    if (faults.length === 0) all.push(compiled);
    unknowns.push(...faults, ...unsupplied(compiled));
    names.add(policy.metadata.name);
  }
  return { policies: selectPolicies(all, selection), all, unknowns };
}

/* Said once where it is written, rather than "unknown" for every object without a reason. */
function unsupplied({ policy, place, facts }: CompiledPolicy): Unknown[] {
  const { name } = policy.metadata;
  return UNSUPPLIED_FACTS.filter((fact) => facts.has(fact)).map((fact) => ({
    code: 'policy-fact-unsupplied',
    message: `policy ${name} asks for ${fact}, which nothing supplies yet: where it counts, the policy stays undecided`,
    place,
    subject: name,
  }));
}
