import type { JsonObject } from '@breakwater/model';
import type { Identity } from '../types.ts';
import type { AskedFor } from './usage.ts';

/** Beyond so many namespaces one cluster role says it shorter. */
const MOST_NAMESPACES = 5;

/** Names of one resource that are listed; beyond them the rule is for all. */
const MOST_NAMES = 20;

/** Verbs on one object of a name that somebody chose: their names stay the same, and may be listed. */
const byName = new Set(['get', 'update', 'patch', 'delete', 'impersonate', 'bind', 'escalate', 'use', 'approve']);
const chosenNames = new Set([
  'secrets',
  'configmaps',
  'leases',
  'users',
  'groups',
  'serviceaccounts',
  'signers',
  'roles',
  'clusterroles',
]);

/** Whether the identity may do something to objects of every name: then the role that is enough need not list them. */
export type MayForAll = (asked: AskedFor) => boolean;

/**
 * Roles and bindings that are enough for some requests, and give nothing that the identity has not: a role for each
 * namespace, a cluster role for what is in none and for whoever asks in many. Names are listed where the identity is
 * limited to them, and of secrets and the like, whose names people choose.
 */
export function sufficientRoles(identity: Identity, asked: readonly AskedFor[], mayForAll: MayForAll): JsonObject[] {
  const places = Map.groupBy(asked, ({ namespace, path }) => (path === '' ? namespace : ''));
  const inside = [...places.keys()].filter((namespace) => namespace !== '');
  if (inside.length > MOST_NAMESPACES) return rolesFor(identity, '', asked, mayForAll);
  return [...places].flatMap(([namespace, own]) => rolesFor(identity, namespace, own, mayForAll));
}

function rolesFor(
  identity: Identity,
  namespace: string,
  asked: readonly AskedFor[],
  mayForAll: MayForAll,
): JsonObject[] {
  const name = `${
    identity.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '') || 'identity'
  }-needs`.slice(-253);
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const kind = namespace === '' ? 'ClusterRole' : 'Role';
  const metadata = { name, ...(namespace === '' ? {} : { namespace }) };
  const subject: JsonObject =
    identity.kind === 'ServiceAccount'
      ? { kind: 'ServiceAccount', name: identity.name, namespace: identity.namespace }
      : { apiGroup: 'rbac.authorization.k8s.io', kind: identity.kind, name: identity.name };
  return [
    { apiVersion, kind, metadata, rules: rulesFor(asked, mayForAll) },
    {
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      subjects: [subject],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    },
  ];
}

/** Resources of a group that take the same verbs on the same names share a rule. */
export function rulesFor(asked: readonly AskedFor[], mayForAll: MayForAll): JsonObject[] {
  const verbs = new Map<string, Set<string>>();
  for (const [, alike] of Map.groupBy(asked, ({ group, resource, verb, path }) =>
    [group, resource, verb, path].join('\n'),
  ))
    for (const key of placesOf(alike, mayForAll)) verbs.set(key, (verbs.get(key) ?? new Set()).add(alike[0]!.verb));
  const rules = new Map<
    string,
    { group: string; resources: string[]; names: string[]; verbs: string[]; paths: string[] }
  >();
  for (const [key, own] of [...verbs].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const { group, resource, names, path } = JSON.parse(key) as {
      group: string;
      resource: string;
      names: string[];
      path: string;
    };
    const list = [...own].sort();
    const same = JSON.stringify([path === '' ? group : '/', names, list]);
    const rule = rules.get(same) ?? { group, resources: [], names, verbs: list, paths: [] };
    rules.set(same, rule);
    if (path === '') rule.resources.push(resource);
    else rule.paths.push(path);
  }
  return [...rules.values()].map(
    ({ group, resources, names, verbs: list, paths }): JsonObject =>
      paths.length > 0
        ? { nonResourceURLs: paths, verbs: list }
        : { apiGroups: [group], resources, ...(names.length > 0 ? { resourceNames: names } : {}), verbs: list },
  );
}

/** What the rules have to name for requests that differ only in their names. */
function placesOf(alike: readonly AskedFor[], mayForAll: MayForAll): string[] {
  const { group, resource, verb, path } = alike[0]!;
  const names = [...new Set(alike.map(({ name }) => name))].sort();
  const listed = names.every((name) => name !== '') && (names.length <= MOST_NAMES || !mayForAll(alike[0]!));
  const limited = !mayForAll(alike[0]!) || (byName.has(verb) && chosenNames.has(resource));
  const kept = path === '' && listed && limited ? names : [];
  return [JSON.stringify({ group, resource, names: kept, path })];
}
