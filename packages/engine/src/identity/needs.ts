import type { Choice, Need } from './attack.ts';
import { namesAllowed } from './rules.ts';
import type { PermissionRule } from './types.ts';

/** Stands for rules without `resourceNames`. */
const EVERY_NAME = '*';

type Names = readonly string[] | undefined;

const known = new WeakMap<readonly PermissionRule[], Map<Choice, Names>>();

/**
 * Names for which any of the rules meets a need: empty for all, undefined for none. Worked out once for each list of
 * rules: many bindings give the same role, and roles that aggregate each other share one list.
 */
export function namesFor(rules: readonly PermissionRule[], choice: Choice): Names {
  const byChoice = known.get(rules) ?? new Map<Choice, Names>();
  known.set(rules, byChoice);
  if (!byChoice.has(choice)) byChoice.set(choice, find(rules, choice));
  return byChoice.get(choice);
}

function find(rules: readonly PermissionRule[], choice: Choice): Names {
  const names = new Set<string>();
  for (const need of choice)
    for (const rule of rules)
      for (const resource of need.resources)
        for (const verb of need.verbs) {
          const allowed = need.group === '*' ? everythingAllowed(rule) : allowedBy(rule, need, verb, resource);
          if (allowed === undefined) continue;
          if (allowed.length === 0) return [];
          for (const name of allowed) names.add(name);
        }
  return names.size === 0 ? undefined : [...names].sort();
}

function allowedBy(rule: PermissionRule, { group, named }: Need, verb: string, resource: string): Names {
  const allowed = namesAllowed(rule, verb, group, resource);
  if (allowed === undefined || allowed.length === 0 || named.length === 0) return allowed;
  if (named[0] === EVERY_NAME) return undefined;
  return named.some((name) => allowed.includes(name) || allowed.includes(everySignerLike(name))) ? [] : undefined;
}

/** A rule may name every signer of a domain: `kubernetes.io/*`. */
const everySignerLike = (signer: string): string => `${signer.slice(0, signer.indexOf('/'))}/*`;

function everythingAllowed({ apiGroups, resources, verbs, resourceNames }: PermissionRule): Names {
  const all = apiGroups.includes('*') && resources.includes('*') && verbs.includes('*');
  return all && resourceNames.length === 0 ? [] : undefined;
}
