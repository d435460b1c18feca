import type { JsonObject, PermissionUse } from '@breakwater/model';
import { mayForAll } from '../rules.ts';
import type { Grant, Identity, IdentityFacts } from '../types.ts';
import type { IsLogged } from './audit-policy.ts';
import { useOfGrant } from './grant-use.ts';
import { keyOfIdentity, loggedOf } from './report.ts';
import { rulesFor } from './sufficient.ts';
import type { AskedFor, UsageCollector } from './usage.ts';

/** What all to whom a role is bound used of it. */
export interface RoleUse {
  /** Enough for every request that the role allowed, with what the log would not show. */
  rules: JsonObject[];
  /** Permissions of the role, and those of them that nobody used. */
  granted: number;
  unused: number;
  /** Days in which the log holds anything. */
  days: number;
}

/** The use of each role that is bound, by `cluster role`; empty where the log holds nothing. */
export function roleUsesOf(facts: IdentityFacts, usage: UsageCollector, isLogged?: IsLogged): Map<string, RoleUse> {
  if (usage.requests === 0) return new Map();
  const identities = new Map(facts.identities.map((identity) => [identity.id, identity]));
  const roles = Map.groupBy(facts.grants, ({ cluster, role }) => `${cluster} ${role}`);
  const logged = loggedOf(usage, isLogged);
  return new Map([...roles].map(([key, grants]) => [key, useOf(grants, identities, usage, logged)]));
}

function useOf(
  grants: readonly Grant[],
  identities: ReadonlyMap<string, Identity>,
  usage: UsageCollector,
  isLogged: IsLogged,
): RoleUse {
  const needed = new Map<string, AskedFor>();
  let permissions: PermissionUse[] = [];
  for (const grant of grants) {
    const identity = identities.get(grant.identity)!;
    const asked = [...(usage.usages.get(keyOfIdentity(identity))?.asked.values() ?? [])];
    const { use, allowed } = useOfGrant(grant, asked, identity, isLogged);
    for (const each of allowed)
      needed.set(JSON.stringify([each.verb, each.group, each.resource, each.name, each.path]), each);
    permissions = joined(permissions, use.permissions);
  }
  const hidden = permissions.filter(({ used, logged }) => used === 0 && logged === 'no').map(ruleOf);
  const rules = rulesFor([...needed.values()], (each) => grants.some(({ rules: own }) => mayForAll(own, each)));
  const unused = permissions.filter(({ used, logged }) => used === 0 && logged !== 'no').length;
  const narrowed = permissions.filter(({ of }) => of.length > 0).length;
  return { rules: [...rules, ...hidden], granted: permissions.length, unused: unused + narrowed, days: usage.days };
}

/** The same permissions, used by one or by the other: roles are taken apart in the same order every time. */
function joined(left: readonly PermissionUse[], right: readonly PermissionUse[]): PermissionUse[] {
  if (left.length === 0) return [...right];
  return left.map((each, index) => {
    const other = right[index]!;
    const logged = each.logged === 'no' || other.logged === 'no' ? 'no' : each.logged;
    return { ...each, used: each.used + other.used, of: [...each.of, ...other.of], logged };
  });
}

function ruleOf({ verb, group, resource, names, path }: PermissionUse): JsonObject {
  if (path !== '') return { nonResourceURLs: [path], verbs: [verb] };
  return {
    apiGroups: [group],
    resources: [resource],
    ...(names.length > 0 ? { resourceNames: names } : {}),
    verbs: [verb],
  };
}
