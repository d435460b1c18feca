import type { CompiledPolicy } from './compiled-policy.ts';
import { holdsFor, LATEST } from './kubernetes-version.ts';

/** Which of the policies at hand are in force. */
export interface PolicySelection {
  /** Minor version of Kubernetes, as `parseKubernetesVersion` gives it; the newest when absent. */
  kubernetes?: number | undefined;
  /** Packs asked for. */
  packs?: readonly string[] | undefined;
}

/**
 * The policies in force, each with the rules that hold for the version of Kubernetes: those of no pack and of the packs
 * asked for, without those that another one in force overrides and those that have no rule for the version.
 */
export function selectPolicies(
  all: readonly CompiledPolicy[],
  { kubernetes = LATEST, packs = [] }: PolicySelection = {},
): CompiledPolicy[] {
  const candidates = all
    .filter(({ policy }) => policy.spec.pack === undefined || packs.includes(policy.spec.pack))
    .map((compiled) => revisionFor(compiled, kubernetes))
    .filter(({ rules, judge }) => rules.length > 0 || judge !== undefined);
  return candidates.filter((compiled) => !candidates.some((other) => overrides(other, compiled)));
}

/** The policy with its rules for a version alone, and all of its parts made. */
export function revisionFor(compiled: CompiledPolicy, kubernetes: number): CompiledPolicy {
  if (compiled.revisions.every((rule) => rule.kubernetes === undefined)) return { ...compiled };
  return { ...compiled, rules: compiled.revisions.filter((rule) => holdsFor(rule.kubernetes, kubernetes)) };
}

function overrides({ policy: { spec } }: CompiledPolicy, { policy }: CompiledPolicy): boolean {
  if (spec.overrides?.includes(policy.metadata.name) !== true) return false;
  return policy.spec.phases.every((phase) => spec.phases.includes(phase));
}
