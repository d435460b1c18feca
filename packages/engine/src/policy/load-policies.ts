import type { Place, PolicyDocument, Setting, Unknown } from '@breakwater/model';
import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts';
import { UNSUPPLIED_FACTS } from './facts/facts.ts';
import type { Report } from './policy-expression.ts';
import { type PolicySelection, selectPolicies } from './select-policies.ts';
import { applySettings } from './settings.ts';

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
 *
 * @param foreign policies in languages of others, which whoever reads them has compiled.
 * @param settings change how far policies are enforced, and their parameters.
 */
export function loadPolicies(
  documents: readonly PolicyDocument[],
  selection: PolicySelection = {},
  foreign: readonly CompiledPolicy[] = [],
  settings: readonly Setting[] = [],
): LoadedPolicies {
  const usable: CompiledPolicy[] = [];
  const unknowns: Unknown[] = [];
  const names = new Set<string>();
  const add = (place: Place, name: string, compile: (report: Report) => CompiledPolicy, isOurs = false): void => {
    const faults: Unknown[] = [];
    const report: Report = (pointer, message) =>
      faults.push({
        code: 'policy-invalid',
        message: `policy ${name}: ${message}`,
        place: { ...place, pointer },
        subject: name,
      });
    if (names.has(name)) report(['metadata', 'name'], 'another policy has this name');
    const compiled = compile(report);
    if (faults.length === 0) usable.push(compiled);
    unknowns.push(...faults, ...(isOurs ? [] : unsupplied(compiled)));
    names.add(name);
  };
  for (const document of documents) {
    const { place, policy, builtIn } = document;
    add(place, policy.metadata.name, (report) => compilePolicy(document, report), builtIn);
  }
  for (const compiled of foreign) add(compiled.place, compiled.policy.metadata.name, () => compiled);
  const { policies: all, unknowns: left } = applySettings(usable, settings);
  return { policies: selectPolicies(all, selection), all, unknowns: [...unknowns, ...left] };
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
