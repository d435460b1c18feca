import { z } from 'zod';
import { Place } from './place.ts';

/** A JSON value as it stands in a manifest. Integers are numbers; CEL decides what is an int. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export const Json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
export type JsonObject = { [key: string]: Json };

const Pointer = z.array(z.union([z.string(), z.number()]));

/** Where a field of a translated object is written: the longest `pointer` that leads to a field decides. */
export const FieldOrigin = z.object({ pointer: Pointer, place: Place });
export type FieldOrigin = z.infer<typeof FieldOrigin>;

/** A field of a translated object that cannot be told from the files: an unset variable, the user of an image. */
export const UnknownField = z.object({ pointer: Pointer, reason: z.string() });
export type UnknownField = z.infer<typeof UnknownField>;

/**
 * What belongs to a workload of another platform that was put into the shape of a Kubernetes one, so that the same
 * policies and the same graph judge it. Its object carries what the platform itself says under `source`.
 */
export const Translation = z.object({
  platform: z.enum(['compose', 'swarm', 'ecs', 'marathon']),
  origins: z.array(FieldOrigin),
  unknown: z.array(UnknownField),
});
export type Translation = z.infer<typeof Translation>;

/** A Kubernetes object as written, with the place where it begins. */
export const ManifestObject = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  /** `default` where a namespaced object names none, empty for cluster-scoped kinds. */
  namespace: z.string(),
  name: z.string(),
  /** Name of the cluster; `default` when it comes from files. */
  cluster: z.string().default('default'),
  object: z.record(z.string(), Json),
  place: Place,
  /** It was read from a running cluster, with what the server adds: owners, status, identity. */
  live: z.literal(true).optional(),
  /** Absent for what Kubernetes reads as it is written. */
  translation: Translation.optional(),
});
export type ManifestObject = z.infer<typeof ManifestObject>;

/** A build recipe found beside the manifests. */
export const Dockerfile = z.object({
  path: z.string(),
  /** Final stage's base, as written after FROM with arguments filled in. */
  baseImage: z.string().optional(),
  user: z.string().optional(),
  exposedPorts: z.array(z.string()).default([]),
  /** One-based line of each instruction of the final stage. */
  instructions: z.array(z.object({ line: z.number().int(), keyword: z.string(), value: z.string() })).default([]),
});
export type Dockerfile = z.infer<typeof Dockerfile>;

export const Port = z.object({
  name: z.string().optional(),
  containerPort: z.number().int(),
  hostPort: z.number().int().optional(),
  /** Address of the node on which `hostPort` is open; all of them when absent. */
  hostIP: z.string().optional(),
  /** How a platform other than Kubernetes opens it to the outside. */
  published: z.enum(['host-port', 'node-port', 'load-balancer', 'external-ip']).optional(),
  protocol: z.string().default('TCP'),
});
export type Port = z.infer<typeof Port>;

/** The pod's and the container's security context, merged as the kubelet merges them. */
export const ContainerSecurity = z.object({
  privileged: z.boolean().default(false),
  allowPrivilegeEscalation: z.boolean().optional(),
  runAsUser: z.number().int().optional(),
  runAsNonRoot: z.boolean().optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  capabilitiesAdded: z.array(z.string()).default([]),
  capabilitiesDropped: z.array(z.string()).default([]),
  seccompProfile: z.string().optional(),
  appArmorProfile: z.string().optional(),
  procMount: z.string().optional(),
});
export type ContainerSecurity = z.infer<typeof ContainerSecurity>;

export const Container = z.object({
  name: z.string(),
  role: z.enum(['main', 'init', 'ephemeral']).default('main'),
  /** An init container that runs as long as the main ones do (`restartPolicy: Always`). */
  sidecar: z.literal(true).optional(),
  /** As written; empty where the manifest names none. */
  image: z.string(),
  /** Path of the Dockerfile that makes the image, where the manifest names it. */
  recipe: z.string().optional(),
  /** Names only, and what they are taken from (`secret/database/password`): values may hold secrets. */
  environment: z.array(z.object({ name: z.string(), from: z.string().optional() })).default([]),
  /** Services of its cluster, as `namespace/name`, that its environment or command line name as hosts. */
  namedServices: z.array(z.string()).default([]),
  /** Whether its environment or command line speak of a password or the like, for which callers are then asked. */
  asksPassword: z.boolean().default(false),
  ports: z.array(Port).default([]),
  security: ContainerSecurity,
  /** Kubernetes quantities as written. */
  limits: z.record(z.string(), z.string()).default({}),
  requests: z.record(z.string(), z.string()).default({}),
  mounts: z.array(z.object({ volume: z.string(), path: z.string(), readOnly: z.boolean().default(false) })).default([]),
  /** JSON path of the container inside the object: `['spec','template','spec','containers',0]`. */
  pointer: z.array(z.union([z.string(), z.number()])),
});
export type Container = z.infer<typeof Container>;

export const Volume = z.object({
  name: z.string(),
  kind: z.enum(['hostPath', 'secret', 'configMap', 'persistentVolumeClaim', 'projected', 'emptyDir', 'other']),
  /** Host path, secret, config map or claim. */
  from: z.string().optional(),
});
export type Volume = z.infer<typeof Volume>;

/** What runs: pods grouped under their owner. One shape for every platform. */
export const Workload = z.object({
  /** `cluster/namespace/Kind/name`. */
  id: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  /** Labels of its pods: what selectors select. */
  podLabels: z.record(z.string(), z.string()).default({}),
  replicas: z.number().int().optional(),
  containers: z.array(Container),
  volumes: z.array(Volume).default([]),
  serviceAccount: z.string().default('default'),
  /** `automountServiceAccountToken` of the pod; undefined leaves it to the service account, which mounts by default. */
  automountToken: z.boolean().optional(),
  hostNetwork: z.boolean().default(false),
  hostPID: z.boolean().default(false),
  hostIPC: z.boolean().default(false),
  hostUsers: z.boolean().optional(),
  /** Networks that only their members reach, where the platform has such; absent where every workload reaches every other. */
  networks: z.array(z.object({ name: z.string(), internal: z.boolean() })).optional(),
  /** JSON path of the pod spec inside the object. */
  podSpecPointer: z.array(z.union([z.string(), z.number()])),
  /** Every place that defines it; several files may (kustomize bases, release bundles). The first is the variant described here. */
  definitions: z.array(Place),
});
export type Workload = z.infer<typeof Workload>;
