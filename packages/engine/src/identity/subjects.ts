import type { JsonObject, ManifestObject } from '@breakwater/model';
import { fieldOf, textOf } from '../json/index.ts';
import type { Identity, SubjectKind } from './types.ts';

/** Id of a service account's node. */
export function serviceAccountId(cluster: string, namespace: string, name: string): string {
  return `identity:${cluster}/${namespace}/${name}`;
}

/** Id of a user's or group's node; neither can be mistaken for a service account, whose namespace holds no colon. */
export function principalId(cluster: string, kind: 'User' | 'Group', name: string): string {
  return `identity:${cluster}/${kind.toLowerCase()}:${name}`;
}

/** An identity that a binding names, or undefined where the subject is none that Kubernetes knows. */
export function subjectIdentity(subject: JsonObject, binding: ManifestObject): Identity | undefined {
  const kind = textOf(fieldOf(subject, 'kind'));
  const name = textOf(fieldOf(subject, 'name')) ?? '';
  if (name === '') return undefined;
  if (kind === 'ServiceAccount') {
    const namespace =
      textOf(fieldOf(subject, 'namespace')) || (binding.kind === 'RoleBinding' ? binding.namespace : '');
    return namespace === '' ? undefined : serviceAccount(binding.cluster, namespace, name);
  }
  if (kind !== 'User' && kind !== 'Group') return undefined;
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  if (kind === 'User' && account !== null) return serviceAccount(binding.cluster, account[1]!, account[2]!);
  return principal(binding.cluster, kind, name);
}

/** A service account as it is when no manifest defines it: its token is mounted. */
export function serviceAccount(cluster: string, namespace: string, name: string): Identity {
  const id = serviceAccountId(cluster, namespace, name);
  return {
    id,
    cluster,
    kind: 'ServiceAccount',
    namespace,
    name,
    automount: true,
    human: false,
    groups: [],
    places: [],
  };
}

function principal(cluster: string, kind: Exclude<SubjectKind, 'ServiceAccount'>, name: string): Identity {
  const id = principalId(cluster, kind, name);
  const human = !name.startsWith('system:') || name === 'system:masters';
  return { id, cluster, kind, namespace: '', name, automount: false, human, groups: [], places: [] };
}

/** Groups of which a member need not have signed in, and the one that says that he has. */
const signedOut: ReadonlySet<string> = new Set(['system:unauthenticated', 'system:authenticated']);

/** Names of the groups that Kubernetes itself puts an identity into. */
export function impliedGroups({ kind, name, namespace }: Pick<Identity, 'kind' | 'namespace' | 'name'>): string[] {
  if (kind === 'ServiceAccount')
    return [`system:serviceaccounts:${namespace}`, 'system:serviceaccounts', 'system:authenticated'];
  if (kind === 'Group') return signedOut.has(name) ? [] : ['system:authenticated'];
  return name === 'system:anonymous' ? ['system:unauthenticated'] : ['system:authenticated'];
}

/** Who asks, as the API server sees it once somebody has signed in. */
export interface UserInfo {
  /** `system:serviceaccount:NAMESPACE:NAME` for a service account. */
  name: string;
  /** Every group, those too that Kubernetes itself adds: see `userOf`. */
  groups: readonly string[];
}

/** An identity as it signs in, with the groups that Kubernetes adds; of a group, somebody who is in no other. */
export function userOf(identity: Pick<Identity, 'kind' | 'namespace' | 'name'>): UserInfo {
  const { kind, namespace, name } = identity;
  if (kind === 'Group')
    return {
      name: '',
      groups: name === 'system:unauthenticated' ? [name] : [...new Set([name, 'system:authenticated'])],
    };
  const user = kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name;
  return { name: user, groups: impliedGroups(identity) };
}
