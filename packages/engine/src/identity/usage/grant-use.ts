import type { GrantUse, PermissionUse } from '@breakwater/model';
import { formatPlace } from '@breakwater/model';
import { ruleAllows, ruleAllowsPath } from '../rules.ts';
import type { Grant, Identity, PermissionRule } from '../types.ts';
import type { IsLogged } from './audit-policy.ts';
import type { AskedFor } from './usage.ts';

/** What was used of a wildcard, told by name. */
const MOST_OF = 20;

/** Permissions of one binding that are told one by one; a role of more is a list of everything. */
const MOST_PERMISSIONS = 2_000;

/** Which of the permissions that a grant gives were used, and by which of the requests. */
export function useOfGrant(
  grant: Grant,
  asked: readonly AskedFor[],
  identity: Identity,
  isLogged: IsLogged,
): { use: GrantUse; allowed: Set<AskedFor> } {
  const inPlace = asked.filter(({ namespace }) => grant.namespace === '' || namespace === grant.namespace);
  const alike = Map.groupBy(inPlace, keyOf);
  const used = new Set<AskedFor>();
  const permissions: PermissionUse[] = [];
  for (const rule of grant.rules)
    for (const single of singlesOf(rule)) {
      if (permissions.length >= MOST_PERMISSIONS) break;
      const candidates = isWild(single) ? inPlace : (alike.get(exactKey(single)) ?? []);
      const allowed = candidates.filter((each) => allows(single, each));
      for (const each of allowed) used.add(each);
      permissions.push(permissionUse(single, allowed, grant, identity, isLogged));
    }
  const use = {
    binding: grant.binding,
    role: grant.role,
    namespace: grant.namespace,
    used: [...used].reduce((sum, { count }) => sum + count, 0),
    permissions,
    places: grant.places.slice(0, 2).map((place) => formatPlace(place)),
  };
  return { use, allowed: used };
}

const keyOf = ({ verb, group, resource, path }: AskedFor): string => [verb, group, resource, path].join('\n');

const exactKey = ({ verbs, apiGroups, resources, nonResourceUrls }: PermissionRule): string =>
  [verbs[0], apiGroups[0] ?? '', resources[0] ?? '', nonResourceUrls[0] ?? ''].join('\n');

/** Whether a single permission stands for more than itself. */
const isWild = ({ verbs, apiGroups, resources, nonResourceUrls }: PermissionRule): boolean =>
  [...verbs, ...apiGroups, ...resources, ...nonResourceUrls].some((word) => word.includes('*'));

/** A rule taken apart: one verb on one resource, or on one path. */
function* singlesOf(rule: PermissionRule): Iterable<PermissionRule> {
  for (const verb of rule.verbs) {
    for (const group of rule.apiGroups)
      for (const resource of rule.resources)
        yield { ...rule, verbs: [verb], apiGroups: [group], resources: [resource], nonResourceUrls: [] };
    for (const url of rule.nonResourceUrls)
      yield { apiGroups: [], resources: [], resourceNames: [], verbs: [verb], nonResourceUrls: [url] };
  }
}

function allows(rule: PermissionRule, asked: AskedFor): boolean {
  return asked.path === '' ? ruleAllows(rule, asked) : ruleAllowsPath(rule, asked.verb, asked.path);
}

function permissionUse(
  rule: PermissionRule,
  allowed: readonly AskedFor[],
  grant: Grant,
  identity: Identity,
  isLogged: IsLogged,
): PermissionUse {
  const { verbs, apiGroups, resources, nonResourceUrls } = rule;
  const [verb = '', group = '', resource = '', path = ''] = [verbs, apiGroups, resources, nonResourceUrls].map(
    ([first]) => first,
  );
  const of = isWild(rule)
    ? [...new Set(allowed.map((each) => `${each.verb} ${each.path || each.resource}`))].sort()
    : [];
  const used = allowed.reduce((sum, { count }) => sum + count, 0);
  return {
    verb,
    group,
    resource,
    names: [...rule.resourceNames],
    path,
    used,
    last: allowed.reduce((latest, { last }) => (last > latest ? last : latest), ''),
    of: of.slice(0, MOST_OF),
    logged: used > 0 ? 'yes' : isLogged(identity, { verb, group, resource, namespace: grant.namespace, path }),
  };
}
