import { type Grant, namesAllowed } from '@breakwater/engine/identity';
import type { Edge } from './attack-edges.ts';
import { type Estate, permissionSetOf } from './read-estate.ts';

const GROUP = 'rbac.authorization.k8s.io';

/**
 * Which roles a permission set can give its holder beside itself: those that it may `bind`, by bindings that it may make.
 * A binding for the whole cluster takes cluster roles only; one in a namespace also the roles of that namespace.
 */
export function bindingEdges({ identity: { grants } }: Estate): Edge[] {
  const sets = [...new Map(grants.map((grant) => [`${grant.binding} ${grant.role}`, grant])).values()];
  return sets.flatMap((from) =>
    sets
      .filter((to) => to !== from && (bindsInCluster(from, to) || bindsInNamespace(from, to)))
      .map((to) => [permissionSetOf(from), permissionSetOf(to)] as const),
  );
}

const isClusterRole = ({ role }: Grant): boolean => role.startsWith('ClusterRole ');

function bindsInCluster(from: Grant, to: Grant): boolean {
  return (
    from.namespace === '' &&
    isClusterRole(to) &&
    makes(from, 'clusterrolebindings') &&
    may(from, 'bind', 'clusterroles', to)
  );
}

function bindsInNamespace(from: Grant, to: Grant): boolean {
  if (to.namespace === '' || (from.namespace !== '' && from.namespace !== to.namespace)) return false;
  return makes(from, 'rolebindings') && may(from, 'bind', isClusterRole(to) ? 'clusterroles' : 'roles', to);
}

const makes = (grant: Grant, resource: string): boolean =>
  ['create', 'update', 'patch'].some((verb) => may(grant, verb, resource));

/** Whether a grant allows a verb on a resource, of the name of a role where one is given. */
function may({ rules }: Grant, verb: string, resource: string, named?: Grant): boolean {
  const name = named?.role.slice(Math.max(named.role.indexOf(' '), named.role.lastIndexOf('/')) + 1);
  return rules.some((rule) => {
    const names = namesAllowed(rule, verb, GROUP, resource);
    return names !== undefined && (names.length === 0 || name === undefined || names.includes(name));
  });
}
