import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, listOf, objectOf, textsOf } from '../../json/index.ts';
import { holdersOf } from './bindings.ts';
import { type Proposal, type Proposer, setField } from './proposal.ts';

/** What the built-in role `view` reads of the core group: everything of daily use but secrets. */
const coreWithoutSecrets = [
  'configmaps',
  'endpoints',
  'events',
  'persistentvolumeclaims',
  'pods',
  'pods/log',
  'pods/status',
  'replicationcontrollers',
  'serviceaccounts',
  'services',
];

const readingVerbs = ['get', 'list', 'watch'];

/** The rule without secrets and without wildcards over verbs, or undefined where it has neither. */
export function narrowRule(rule: JsonObject): JsonObject | undefined {
  const resources = textsOf(fieldOf(rule, 'resources'));
  const verbs = textsOf(fieldOf(rule, 'verbs'));
  const groups = textsOf(fieldOf(rule, 'apiGroups'));
  const everything = resources.includes('*');
  const secrets = resources.some((resource) => resource === 'secrets' || resource === 'secrets/*');
  if (textsOf(fieldOf(rule, 'resourceNames')).length > 0) return undefined;
  if (!everything && !secrets && !verbs.includes('*')) return undefined;
  const narrowed: { [key: string]: Json } = { ...rule };
  if (everything && (groups.includes('*') || groups.includes(''))) narrowed['resources'] = coreWithoutSecrets;
  else if (secrets) narrowed['resources'] = resources.filter((resource) => !/^secrets(\/|$)/.test(resource));
  if (everything && groups.includes('*')) narrowed['apiGroups'] = [''];
  if (verbs.includes('*')) narrowed['verbs'] = readingVerbs;
  return listOf(narrowed['resources']).length === 0 ? undefined : narrowed;
}

/** Narrows rules of roles that give away secrets or everything. */
export const proposeNarrowRoles: Proposer = (facts) => {
  const byRole = new Map<string, Set<string>>();
  for (const grant of facts.identity.grants) {
    const key = `${grant.cluster} ${grant.role}`;
    byRole.set(key, (byRole.get(key) ?? new Set()).add(grant.identity));
  }
  return facts.objects.flatMap((object) => {
    if (object.kind !== 'Role' && object.kind !== 'ClusterRole') return [];
    const name = object.kind === 'Role' ? `Role ${object.namespace}/${object.name}` : `ClusterRole ${object.name}`;
    const identities = [...(byRole.get(`${object.cluster} ${name}`) ?? [])];
    if (identities.length === 0) return [];
    const workloads = [...new Set(identities.flatMap((identity) => holdersOf(facts, identity)))];
    return narrowing(object, name, identities, workloads);
  });
};

function narrowing(role: ManifestObject, name: string, identities: string[], workloads: string[]): Proposal[] {
  const edits = listOf(fieldAt(role.object, 'rules')).flatMap((rule, index) => {
    const narrowed = narrowRule(objectOf(rule) ?? {});
    return narrowed === undefined ? [] : [setField(role, ['rules', index], narrowed)];
  });
  if (edits.length === 0) return [];
  return [
    {
      change: {
        id: `narrow-role:${role.cluster}:${name}`,
        title: `Narrow ${name} to reading, without secrets`,
        detail:
          'Rules over every resource become a list of the usual ones, every verb becomes get, list and watch, and ' +
          'secrets go. Check what its holders call, and add exactly that, secrets by name with resourceNames.',
        workloads,
        edits,
        afterRebuild: false,
      },
      cuts: identities.map((identity) => ({ from: identity, kinds: ['permission'] })),
    },
  ];
}
