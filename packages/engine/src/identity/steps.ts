import type { Attack } from './attack.ts';
import { attacks } from './attacks.ts';
import { Holding } from './holding.ts';
import type { Grant, Identity, PermissionStep, RoleLookup } from './types.ts';

/** Which steps the grants of each identity and of its groups open, by the table of attacks. */
export function permissionSteps(
  identities: readonly Identity[],
  grants: readonly Grant[],
  roleOf: RoleLookup,
): PermissionStep[] {
  const byIdentity = Map.groupBy(grants, ({ identity }) => identity);
  return identities.flatMap(({ id, groups }) => {
    const own = byIdentity.get(id) ?? [];
    if (own.length === 0) return [];
    const shared = groups.flatMap((group) => byIdentity.get(group) ?? []);
    const holding = new Holding(own, shared, roleOf);
    return holding.grants.flatMap((grant) => stepsOfGrant(grant, holding));
  });
}

/** Whoever may do everything needs none of the other ways: the control plane opens all of them. */
function stepsOfGrant(grant: Grant, holding: Holding): PermissionStep[] {
  const [everything, ...others] = attacks;
  const all = stepsOf(everything!, grant, holding);
  return all.length > 0 ? all : others.flatMap((attack) => stepsOf(attack, grant, holding));
}

function stepsOf(attack: Attack, grant: Grant, holding: Holding): PermissionStep[] {
  if (attack.clusterOnly === true && grant.namespace !== '') return [];
  if (attack.onlyIn !== undefined && grant.namespace !== '' && grant.namespace !== attack.onlyIn) return [];
  const names = holding.meets(attack, grant);
  if (names === undefined) return [];
  if (attack.onlyNamed !== undefined && names.length > 0 && !names.includes(attack.onlyNamed)) return [];
  if (attack.roles !== undefined && names.length > 0 && !opensAll(attack, names, grant, holding)) return [];
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
    takes: attack.takes ?? '',
    podSecurity: attack.podSecurity === true,
    policies: attack.policies === true,
    phrase: phraseOf(attack, grant, limited),
    reason: holding.reasonOf(grant),
    places: grant.places,
  }));
}

/**
 * What names of roles leave: binding some roles gives what these hold, which the holding has among its grants, and
 * writing into some opens everything to whoever is bound to one of them.
 */
function opensAll({ roles }: Attack, names: readonly string[], grant: Grant, holding: Holding): boolean {
  if (roles === 'bind') return false;
  return holding.isBoundTo(
    names.flatMap((name) => [`ClusterRole ${name}`, `Role ${grant.namespace}/${name}`]),
    grant.namespace,
  );
}

function phraseOf(attack: Attack, grant: Grant, names: readonly string[]): string {
  const where = grant.namespace === '' ? 'in the whole cluster' : `in ${grant.namespace}`;
  if (names.length === 0) return `can ${attack.phrase} ${where}`;
  const listed = names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return `can ${attack.phrase} ${where} that is named ${listed}`;
}
