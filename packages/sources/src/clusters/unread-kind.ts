import type { ClusterTrouble, Unknown, UpstreamError, UserError } from '@breakwater/model';
import type { ChosenKind } from './choose-kinds.ts';
import { clusterSource } from './cluster-target.ts';
import { nameOf } from './resource-kinds.ts';

/** An error as a trouble, which began with the one that is known. */
export function troubleOf(
  error: UserError | UpstreamError | ClusterTrouble,
  known: ClusterTrouble | undefined,
): ClusterTrouble {
  if ('since' in error) return error;
  const { code, message, hint } = error;
  const since = known?.since ?? new Date().toISOString();
  return { code, message, since, ...(hint ? { hint } : {}) };
}

/** Why the objects of a kind are not known: a permission that is missing is named. */
export function unreadKind(
  kind: ChosenKind,
  namespace: string | undefined,
  cluster: string,
  { code, message, hint }: Omit<ClusterTrouble, 'since'>,
): Unknown {
  const place = { source: clusterSource(cluster), path: `/${nameOf(kind)}` };
  if (code === 'cluster-permission-missing') {
    const where = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`;
    return {
      code,
      message: `${kind.kind} objects of cluster ${cluster} were not read: list and watch ${nameOf(kind)} ${where} is not permitted.`,
      place,
      hint: `Grant get, list and watch on ${nameOf(kind)}: breakwater cluster rbac prints the role.`,
    };
  }
  return {
    code,
    message: `${kind.kind} objects of cluster ${cluster} are not known: ${message}`,
    place,
    ...(hint ? { hint } : {}),
  };
}
