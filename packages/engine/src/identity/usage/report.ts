import type { AuditCoverage, GrantUse, IdentityUse, JsonObject } from '@breakwater/model';
import { mayForAll } from '../rules.ts';
import type { Grant, Identity, IdentityFacts } from '../types.ts';
import type { IsLogged } from './audit-policy.ts';
import { useOfGrant } from './grant-use.ts';
import { sufficientRoles } from './sufficient.ts';
import { type AskedFor, groupKey, type Usage, type UsageCollector, userKey } from './usage.ts';

/** What an identity was given and used, with the roles that would be enough as objects. */
export interface UseOfIdentity extends Omit<IdentityUse, 'sufficient'> {
  sufficient: JsonObject[];
}

/** An identity as an audit log names it. */
export function keyOfIdentity({ kind, namespace, name }: Pick<Identity, 'kind' | 'namespace' | 'name'>): string {
  if (kind === 'Group') return groupKey(name);
  return userKey(kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name);
}

/** How far the log can tell. */
export function coverageOf(usage: UsageCollector, policy: boolean): AuditCoverage {
  const { from, to, requests, days, longestGap, reads, groups } = usage;
  return { from, to, requests, days, longestGap, policy, reads, groups };
}

const reading = new Set(['get', 'list', 'watch']);

/**
 * What would be in the log: as an audit policy says, or as far as the log itself shows. Where it names no groups, nothing
 * of what they use is in it, but for those that Kubernetes gives by a name.
 */
export function loggedOf(usage: UsageCollector, isLogged: IsLogged | undefined): IsLogged {
  const changesOnly = usage.requests > 0 && !usage.reads;
  const told: IsLogged = isLogged ?? ((_, { verb }) => (changesOnly && reading.has(verb) ? 'no' : 'unknown'));
  if (usage.groups) return told;
  return (asking, question) =>
    asking.kind === 'Group' && !asking.name.startsWith('system:') ? 'no' : told(asking, question);
}

/**
 * What each identity was given and used, those with most unused permissions first. Where no audit policy says what is
 * logged and the log holds no reading at all, reading counts as not logged.
 */
export function usesOf(facts: IdentityFacts, usage: UsageCollector, isLogged: IsLogged | undefined): UseOfIdentity[] {
  const grants = Map.groupBy(facts.grants, ({ identity }) => identity);
  const told = loggedOf(usage, isLogged);
  return facts.identities
    .flatMap((identity) => {
      const own = grants.get(identity.id);
      return own === undefined ? [] : [useOf(identity, own, usage.usages.get(keyOfIdentity(identity)), told)];
    })
    .sort((left, right) => right.unused - left.unused || (left.id < right.id ? -1 : 1));
}

function useOf(
  identity: Identity,
  grants: readonly Grant[],
  usage: Usage | undefined,
  isLogged: IsLogged,
): UseOfIdentity {
  const asked = [...(usage?.asked.values() ?? [])];
  const uses: GrantUse[] = [];
  const needed = new Set<AskedFor>();
  for (const grant of grants) {
    const { use, allowed } = useOfGrant(grant, asked, identity, isLogged);
    uses.push(use);
    for (const each of allowed) needed.add(each);
  }
  const permissions = uses.flatMap((use) => use.permissions);
  const { id, kind, namespace, name } = identity;
  return {
    id,
    kind,
    namespace,
    name,
    requests: usage?.requests ?? 0,
    refused: usage?.refused ?? 0,
    first: usage?.first ?? '',
    last: usage?.last ?? '',
    granted: permissions.length,
    unused: permissions.filter(({ used, logged }) => used === 0 && logged !== 'no').length,
    grants: uses,
    sufficient:
      needed.size === 0
        ? []
        : sufficientRoles(identity, [...needed], (each) =>
            grants.some(
              ({ namespace: place, rules }) => (place === '' || place === each.namespace) && mayForAll(rules, each),
            ),
          ),
  };
}
