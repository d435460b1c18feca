import { type Attack, attacks, type Need } from './attacks.ts';
import { namesAllowed } from './rules.ts';
import type { Grant, Identity, PermissionRule, PermissionStep } from './types.ts';

/** Which steps the grants of each identity open, by the table of attacks. */
export function permissionSteps(identities: readonly Identity[], grants: readonly Grant[]): PermissionStep[] {
  const byIdentity = new Map<string, Grant[]>();
  for (const grant of grants) byIdentity.set(grant.identity, [...(byIdentity.get(grant.identity) ?? []), grant]);
  return identities.flatMap((identity) => {
    const own = byIdentity.get(identity.id) ?? [];
    return own.flatMap((grant) => stepsOfGrant(grant, own));
  });
}

/** Whoever may do everything needs none of the other ways: the control plane opens all of them. */
function stepsOfGrant(grant: Grant, own: readonly Grant[]): PermissionStep[] {
  const [everything, ...others] = attacks;
  const all = stepsOf(everything!, grant, own);
  return all.length > 0 ? all : others.flatMap((attack) => stepsOf(attack, grant, own));
}

function stepsOf(attack: Attack, grant: Grant, all: readonly Grant[]): PermissionStep[] {
  if (attack.clusterOnly === true && grant.namespace !== '') return [];
  if (attack.onlyIn !== undefined && grant.namespace !== '' && grant.namespace !== attack.onlyIn) return [];
  const [first, ...others] = attack.needs;
  const names = namesFor(grant.rules, first);
  if (names === undefined) return [];
  const inPlace = all
    .filter(({ namespace }) => namespace === '' || namespace === grant.namespace)
    .flatMap(({ rules }) => rules);
  if (!others.every((need) => namesFor(inPlace, need) !== undefined)) return [];
  if (attack.onlyNamed !== undefined && names.length > 0 && !names.includes(attack.onlyNamed)) return [];
  const limited = attack.namesLimit === true ? names : [];
  return attack.targets.map((target) => ({
    id: `${grant.id}|${attack.name}|${target}`,
    identity: grant.identity,
    cluster: grant.cluster,
    attack: attack.name,
    target,
    namespace: grant.namespace,
    names: [...limited],
    certainty: attack.certainty,
    podSecurity: attack.podSecurity === true,
    phrase: phraseOf(attack, grant, limited),
    reason: `${grant.binding} gives ${grant.role}`,
    places: grant.places,
  }));
}

/** Names for which any of the rules meets a need: empty for all, undefined for none. */
function namesFor(rules: readonly PermissionRule[], need: Need): readonly string[] | undefined {
  const names = new Set<string>();
  for (const rule of rules)
    for (const resource of need.resources)
      for (const verb of need.verbs) {
        const allowed = need.group === '*' ? everythingAllowed(rule) : namesAllowed(rule, verb, need.group, resource);
        if (allowed === undefined) continue;
        if (allowed.length === 0) return [];
        for (const name of allowed) names.add(name);
      }
  return names.size === 0 ? undefined : [...names].sort();
}

function everythingAllowed({
  apiGroups,
  resources,
  verbs,
  resourceNames,
}: PermissionRule): readonly string[] | undefined {
  const all = apiGroups.includes('*') && resources.includes('*') && verbs.includes('*');
  return all && resourceNames.length === 0 ? [] : undefined;
}

function phraseOf(attack: Attack, grant: Grant, names: readonly string[]): string {
  const where = grant.namespace === '' ? 'in the whole cluster' : `in ${grant.namespace}`;
  if (names.length === 0) return `can ${attack.phrase} ${where}`;
  const listed = names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return `can ${attack.phrase} ${where} that is named ${listed}`;
}
