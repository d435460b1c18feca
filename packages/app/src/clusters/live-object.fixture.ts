import type { JsonObject, ManifestObject } from '@breakwater/model';
import type { LiveObject } from '@breakwater/sources/clusters';

/** A live object for tests; its uid is its kind and name. */
export function liveObject(kind: string, name: string, content: JsonObject = {}, namespace = 'shop'): LiveObject {
  const apiVersion = API_VERSIONS[kind] ?? 'v1';
  const uid = `${kind}-${name}`;
  const { metadata, ...rest } = content as { metadata?: JsonObject } & JsonObject;
  const about = { name, namespace, uid, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata };
  return {
    apiVersion,
    kind,
    namespace,
    name,
    cluster: 'east',
    live: true,
    place: { source: 'cluster:east', path: `/${kind}/${name}` },
    object: { apiVersion, kind, metadata: about, ...rest },
    uid,
    resourceVersion: '1',
  };
}

const API_VERSIONS: Record<string, string> = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  Job: 'batch/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodDisruptionBudget: 'policy/v1',
  Widget: 'tests.example/v1',
};

/** What says that an object is owned. */
export function ownedBy(owner: ManifestObject): JsonObject {
  const { kind, name } = owner;
  return { ownerReferences: [{ kind, name, uid: `${kind}-${name}`, controller: true }] };
}

/** A pod template whose pods have a label. */
export function template(app: string, podSpec: JsonObject = {}): JsonObject {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: app, image: `${app}:1` }], ...podSpec } };
}
