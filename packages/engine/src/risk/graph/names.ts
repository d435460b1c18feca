import type { Workload } from '@breakwater/model';

/** Ids of nodes. Each is made here and nowhere else. */
export const nodeId = {
  internet: 'internet',
  credentials: 'origin:credentials',
  images: 'origin:images',
  /** Whoever reads files and images that hold secrets in plain text. */
  readers: 'origin:readers',
  workload: (id: string) => `workload:${id}`,
  /** Where callers of one container stand, before they have broken into it. */
  door: (workload: string, container: string) => `hub:door/${workload}/${container}`,
  /** One container of a pod, where containers are told apart. */
  container: (workload: string, container: string) => `hub:container/${workload}/${container}`,
  /** All containers of a pod, where they are told apart. */
  pod: (workload: string) => `hub:pod/${workload}`,
  image: (reference: string) => `hub:image/${reference}`,
  /** The network around the nodes of a cluster. */
  network: (cluster: string) => `hub:network/${cluster}`,
  /** What pods of a cluster say to each other in plain text. */
  wire: (cluster: string) => `hub:wire/${cluster}`,
  /** Callers of a host, path or address that belongs to one tenant, wherever they are led to. */
  callers: (cluster: string, name: string) => `hub:callers/${cluster}/${name}`,
  /** What an outage of a node costs those who share it with others. */
  outage: (cluster: string) => `asset:${cluster}/outage`,
  worker: (cluster: string) => `node:${cluster}`,
  controlPlaneNode: (cluster: string) => `node:${cluster}/control-plane`,
  controlPlane: (cluster: string) => `asset:${cluster}/control-plane`,
  secret: (cluster: string, namespace: string, name: string) => `asset:${cluster}/${namespace}/Secret/${name}`,
  /** A secret in plain text, by its fingerprint. */
  written: (cluster: string, fingerprint: string) => `asset:${cluster}/written/${fingerprint}`,
  volume: (cluster: string, namespace: string, name: string) =>
    `asset:${cluster}/${namespace}/PersistentVolumeClaim/${name}`,
  cloudRole: (cluster: string, name: string) => `asset:${cluster}/cloud-role/${name}`,
  /** Everything of one kind in a cluster or, with a namespace, in that namespace. */
  all: (family: Family, cluster: string, namespace = '') =>
    namespace === '' ? `hub:${family}/${cluster}` : `hub:${family}/${cluster}/${namespace}`,
} as const;

/** Whether a node stands for an outage, which nobody holds and which leads nowhere. */
export function isOutage(id: string): boolean {
  return id.startsWith('asset:') && id.endsWith('/outage');
}

/** What a permission may open all of. */
export type Family = 'workloads' | 'secrets' | 'service-accounts' | 'volumes';

const [container, pod] = [nodeId.container('', '').slice(0, -1), nodeId.pod('')];

/** The workload that a node is or is a part of (a container, its pod); of every other node the node itself. */
export function workloadNode(node: string): string {
  if (node.startsWith(pod)) return nodeId.workload(node.slice(pod.length));
  return node.startsWith(container) ? nodeId.workload(node.slice(container.length, node.lastIndexOf('/'))) : node;
}

/** `shop/cart`, as every sentence names a workload. */
export function workloadLabel({ namespace, name }: Pick<Workload, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
