import type { JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf, textOf } from '../../../json/index.ts';
import { withoutNulls } from '../prune.ts';
import { podSpecPointer } from '../workload.ts';
import { namespaceOf } from './kinds.ts';

/** One object of an estate. */
export interface Entry {
  kind: string;
  apiVersion: string;
  /** Empty for kinds outside of namespaces. */
  namespace: string;
  name: string;
  /** Without nulls, with its namespace where it is in one. */
  object: JsonObject;
}

/** Groups of kinds that are not in the core group, for what names no `apiVersion`. */
const USUAL_VERSIONS: readonly (readonly [version: string, kinds: readonly string[]])[] = [
  ['apps/v1', ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']],
  ['batch/v1', ['CronJob', 'Job']],
  ['networking.k8s.io/v1', ['Ingress', 'NetworkPolicy']],
  ['rbac.authorization.k8s.io/v1', ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']],
  ['node.k8s.io/v1', ['RuntimeClass']],
];
const VERSION_OF = new Map(USUAL_VERSIONS.flatMap(([version, kinds]) => kinds.map((kind) => [kind, version] as const)));

/** The version under which a kind of Kubernetes is usually written. */
export const usualVersion = (kind: string): string => VERSION_OF.get(kind) ?? 'v1';

/** An object as read from files or a cluster. */
export const entryOf = ({ kind, apiVersion, namespace, name, object }: ManifestObject): Entry =>
  fill({ kind, apiVersion, namespace: namespaceOf(kind, namespace, undefined), name, object: withoutNulls(object) });

/** An object as the case of a policy gives it: under its kind, and with no more than matters. */
export function entryOfCase(kind: string, written: JsonObject): Entry {
  const object = withoutNulls(written);
  return fill({
    kind,
    apiVersion: textOf(fieldOf(object, 'apiVersion')) ?? usualVersion(kind),
    namespace: namespaceOf(kind, fieldAt(object, 'metadata', 'namespace'), undefined),
    name: textOf(fieldAt(object, 'metadata', 'name')) ?? '',
    object,
  });
}

/** Copies only where a namespace is to be added. */
function fill(entry: Entry): Entry {
  const { object, namespace } = entry;
  const metadata = objectOf(fieldOf(object, 'metadata')) ?? {};
  if (namespace === '' || fieldOf(metadata, 'namespace') === namespace) return entry;
  return { ...entry, object: { ...object, metadata: { ...metadata, namespace } } };
}

/** An entry as an object of a cluster without a name, for what reads those. */
export const manifestOf = ({ kind, apiVersion, namespace, name, object }: Entry): ManifestObject => ({
  kind,
  apiVersion,
  namespace,
  name,
  object,
  cluster: '',
  place: { source: '' },
});

/** Pod spec of an object, where its kind has one. */
export function podOf({ kind, object }: Pick<Entry, 'kind' | 'object'>): JsonObject | undefined {
  const pointer = podSpecPointer(kind);
  return pointer === undefined ? undefined : objectOf(fieldAt(object, ...pointer));
}

/** Labels of the pods that an object makes; undefined for kinds that make none. */
export function podLabelsOf({ kind, object }: Pick<Entry, 'kind' | 'object'>): JsonObject | undefined {
  const pointer = podSpecPointer(kind);
  if (pointer === undefined) return undefined;
  return objectOf(fieldAt(object, ...pointer.slice(0, -1), 'metadata', 'labels')) ?? {};
}
