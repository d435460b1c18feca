import type { Phase } from '@breakwater/model';
import type { CompiledPolicy } from './compiled-policy.ts';
import { isAboutKind } from './match.ts';
import type { SubjectTraits } from './traits.ts';

/** Kinds that lists are kept for: there are no more in a cluster, and made-up ones must not fill the memory. */
const MOST_KINDS = 300;

/** Policies of a phase that may be about a kind, for sets that many objects are judged by. */
const kept = new WeakMap<
  readonly CompiledPolicy[],
  { count: number; byKind: Map<string, readonly CompiledPolicy[]> }
>();

/** The policies that are judged in a phase and not about other kinds than the subject's. */
export function candidatesOf(
  policies: readonly CompiledPolicy[],
  phase: Phase,
  traits: SubjectTraits,
): readonly CompiledPolicy[] {
  let known = kept.get(policies);
  if (known === undefined || known.count !== policies.length) {
    known = { count: policies.length, byKind: new Map() };
    kept.set(policies, known);
  }
  const key = `${phase} ${traits.runs} ${traits.event !== ''} ${traits.kind}`;
  let found = known.byKind.get(key);
  if (found === undefined) {
    found = policies.filter(
      (compiled) =>
        compiled.policy.spec.phases.includes(phase) &&
        (compiled.appliesTo !== undefined || traits.event !== '' || isAboutObject(compiled, traits)),
    );
    if (known.byKind.size < MOST_KINDS) known.byKind.set(key, found);
  }
  return found;
}

/* What is said of events is said of nothing else: a third of all policies. */
const isAboutObject = (compiled: CompiledPolicy, traits: SubjectTraits): boolean =>
  compiled.policy.spec.match.events === undefined && isAboutKind(compiled, traits);
