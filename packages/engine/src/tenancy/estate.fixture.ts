import type { JsonObject, ManifestObject } from '@breakwater/model';
import { workloadsOf } from '../inventory/index.ts';
import { Tenancy } from './index.ts';

const VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  DaemonSet: 'apps/v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
};

/** An object as a manifest would hold it; an empty namespace stands for none. */
export function manifest(kind: string, namespace: string, name: string, body: JsonObject = {}): ManifestObject {
  const apiVersion = VERSIONS[kind] ?? 'v1';
  const { metadata = {}, ...rest } = body as { metadata?: JsonObject };
  const about = { name, ...(namespace === '' ? {} : { namespace }), ...metadata };
  const object = { apiVersion, kind, metadata: about, ...rest };
  return { apiVersion, kind, namespace, name, cluster: 'default', object, place: { source: `${namespace}/${name}` } };
}

/** A Deployment of one container; `pod` and `container` are put over what it has. */
export function deployment(
  namespace: string,
  name: string,
  { pod = {}, container = {}, labels = {} }: { pod?: JsonObject; container?: JsonObject; labels?: JsonObject } = {},
): ManifestObject {
  const containers = [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }], ...container }];
  const template = { metadata: { labels: { app: name, ...labels } }, spec: { containers, ...pod } };
  return manifest('Deployment', namespace, name, { spec: { template } });
}

export const namespace = (name: string, labels: JsonObject = {}): ManifestObject =>
  manifest('Namespace', '', name, { metadata: { labels } });

export function tenancyOf(objects: ManifestObject[], label?: string): Tenancy {
  return new Tenancy({ objects, workloads: workloadsOf(objects).workloads, settings: { label } });
}

/** The position of a workload. */
export function at({ workloads }: Tenancy, name: string): number {
  return workloads.findIndex((workload) => `${workload.namespace}/${workload.name}` === name);
}
