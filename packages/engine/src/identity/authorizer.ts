import type { ManifestObject } from '@breakwater/model';
import { builtInBindings } from './built-in-roles.ts';
import { grantsOf } from './grants.ts';
import { type ApiRequest, ruleAllows, ruleAllowsPath } from './rules.ts';
import { principalId, serviceAccountId, type UserInfo } from './subjects.ts';
import type { Grant } from './types.ts';

/** A request for a resource; `namespace` is empty for what is in none, or in all of them. */
export interface ResourceRequest extends ApiRequest {
  namespace: string;
}

/** A request for what is no resource: `get /metrics`. */
export interface PathRequest {
  /** Of HTTP, in small letters. */
  verb: string;
  path: string;
}

/** Whether somebody may do something, and by which grant; the first that allows it, in the order of the manifests. */
export type Permission = { allowed: true; grant: Grant } | { allowed: false };

/** Answers for one cluster; see `authorizerOf`. */
export type MayDo = (subject: UserInfo, request: ResourceRequest | PathRequest) => Permission;

/**
 * Decides as Kubernetes' RBAC authorizer does, from the objects of one cluster and the roles and bindings that every
 * API server makes. Bindings of the cluster hold everywhere, those of a namespace for requests in it; nothing forbids.
 * A binding to a role that nothing defines gives nothing, as in a cluster: `identityOf` tells of it as an unknown.
 * The node authorizer and webhooks, which may allow more, are not asked; what Kubernetes gives its own scheduler and
 * controllers is known only where the objects hold it.
 */
export function authorizerOf(objects: readonly ManifestObject[]): MayDo {
  const cluster = objects[0]?.cluster ?? '';
  const grants = new Map<string, Grant[]>();
  for (const { grant } of grantsOf([...objects, ...missingBindings(objects, cluster)]).granted) {
    if (grant === undefined) continue;
    const key = placeKey(grant.identity, grant.namespace);
    const known = grants.get(key);
    if (known === undefined) grants.set(key, [grant]);
    else known.push(grant);
  }
  return (subject, request) => {
    const allows = ({ rules }: Grant): boolean =>
      rules.some((rule) =>
        'path' in request ? ruleAllowsPath(rule, request.verb, request.path) : ruleAllows(rule, request),
      );
    const namespace = 'path' in request ? '' : request.namespace;
    for (const place of namespace === '' ? [''] : ['', namespace])
      for (const identity of identitiesOf(subject, cluster)) {
        const grant = grants.get(placeKey(identity, place))?.find(allows);
        if (grant !== undefined) return { allowed: true, grant };
      }
    return { allowed: false };
  };
}

const placeKey = (identity: string, namespace: string): string => `${namespace} ${identity}`;

/** Ids of what a binding may name to mean this user: itself, and its groups. */
function identitiesOf({ name, groups }: UserInfo, cluster: string): string[] {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const own =
    account === null ? principalId(cluster, 'User', name) : serviceAccountId(cluster, account[1]!, account[2]!);
  return [own, ...groups.map((group) => principalId(cluster, 'Group', group))];
}

/** The bindings that an API server makes for itself, without those of which the objects say what has become of them. */
function missingBindings(objects: readonly ManifestObject[], cluster: string): ManifestObject[] {
  const given = new Set(objects.filter(({ kind }) => kind === 'ClusterRoleBinding').map(({ name }) => name));
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const kind = 'ClusterRoleBinding';
  return builtInBindings
    .filter(([name]) => !given.has(name))
    .map(([name, subjects]) => ({
      apiVersion,
      kind,
      name,
      namespace: '',
      cluster,
      object: {
        roleRef: { kind: 'ClusterRole', name },
        subjects: [...subjects],
      },
      place: { source: 'kubernetes' },
    }));
}
