import { z } from 'zod';
import { ClusterStatus } from './cluster.ts';
import { Json } from './manifest.ts';
import { Place, Unknown } from './place.ts';

/** Names an object of a cluster. */
export const ClusterObject = z.object({
  cluster: z.string(),
  apiVersion: z.string(),
  kind: z.string(),
  /** Empty for what belongs to the whole cluster. */
  namespace: z.string(),
  name: z.string(),
});
export type ClusterObject = z.infer<typeof ClusterObject>;

/** Who brought an object into a cluster, as far as the object tells. */
export const DeployedBy = z.object({
  /** `Helm`, `Argo CD`, `Flux`, `kubectl apply`, or the manager's own name. */
  tool: z.string(),
  /** Release, application or kustomization. */
  unit: z.string().optional(),
  /** Person or service account, where an audit log was at hand. */
  user: z.string().optional(),
  /** ISO 8601. */
  at: z.string().optional(),
  /** What says so. */
  evidence: z.string(),
});
export type DeployedBy = z.infer<typeof DeployedBy>;

/** A change by somebody other than who deployed the object. */
export const HandChange = z.object({ manager: z.string(), at: z.string().optional(), user: z.string().optional() });
export type HandChange = z.infer<typeof HandChange>;

/** What runs, and why: an answer of `breakwater cluster why`. */
export const RunningWorkload = z.object({
  workload: ClusterObject,
  /** From the pods up to what made them: `Pod`, `ReplicaSet`, `Deployment`. `present` where it still exists. */
  owners: z.array(z.object({ kind: z.string(), name: z.string(), present: z.boolean(), count: z.number().int() })),
  pods: z.object({ running: z.number().int(), total: z.number().int() }),
  images: z.array(
    z.object({
      container: z.string(),
      /** As the pods name it. */
      reference: z.string(),
      /** `sha256:...` of what really runs; several where pods differ, none where the node did not say. */
      digests: z.array(z.string()),
      /** Not in the workload's own template: something put it into its pods. */
      injected: z.boolean(),
    }),
  ),
  deployedBy: DeployedBy.optional(),
  changedByHand: z.array(HandChange),
  /** When the workload was made, and since when its present pods run, ISO 8601. */
  since: z.string().optional(),
  runningSince: z.string().optional(),
  nodes: z.array(z.string()),
  /** Services that lead to it, as `namespace/name`. */
  services: z.array(z.string()),
});
export type RunningWorkload = z.infer<typeof RunningWorkload>;

export const WhyReport = z.object({ workloads: z.array(RunningWorkload), unknowns: z.array(Unknown) });
export type WhyReport = z.infer<typeof WhyReport>;

/** One field in which Git and the cluster differ. */
export const DriftField = z.object({
  pointer: z.array(z.union([z.string(), z.number()])),
  /** `added` in the cluster, `removed` from it, or of another value. */
  change: z.enum(['changed', 'added', 'removed']),
  /** Values; absent where they may be secret. */
  git: Json.optional(),
  live: Json.optional(),
  /** Who owns the field in the cluster and when that was last written, where the cluster tells. */
  manager: z.string().optional(),
  at: z.string().optional(),
});
export type DriftField = z.infer<typeof DriftField>;

/** An object in which Git and the cluster differ. */
export const DriftItem = z.object({
  object: ClusterObject,
  /** `missing` from the cluster; `extra` is in the cluster alone. */
  state: z.enum(['changed', 'missing', 'extra']),
  fields: z.array(DriftField),
  /** Where Git has it. */
  place: Place.optional(),
  deployedBy: DeployedBy.optional(),
});
export type DriftItem = z.infer<typeof DriftItem>;

/** `breakwater cluster drift`. */
export const DriftReport = z.object({
  /** Objects of Git that were compared, and how many of them are the same. */
  compared: z.number().int(),
  same: z.number().int(),
  items: z.array(DriftItem),
  unknowns: z.array(Unknown),
});
export type DriftReport = z.infer<typeof DriftReport>;

export const SprawlKind = z.enum([
  'orphaned-workload',
  'idle-workload',
  'finished-workload',
  'unselected-workload',
  'dead-service',
  'dead-ingress',
  'dead-policy',
  'dead-binding',
  'dead-autoscaler',
  'unused-config-map',
  'unused-secret',
  'unused-service-account',
  'unused-claim',
  'unused-volume',
  'unused-image',
  'end-of-life',
]);
export type SprawlKind = z.infer<typeof SprawlKind>;

/** Something that nobody needs, as far as can be seen. */
export const SprawlItem = z.object({
  kind: SprawlKind,
  object: ClusterObject,
  why: z.string(),
  /** When it was made, ISO 8601. */
  since: z.string().optional(),
});
export type SprawlItem = z.infer<typeof SprawlItem>;

/** `breakwater cluster sprawl`. */
export const SprawlReport = z.object({
  items: z.array(SprawlItem),
  /** What could not be told, for a kind that it hangs on could not be read. */
  undecided: z.array(z.object({ kind: SprawlKind, why: z.string() })),
  unknowns: z.array(Unknown),
});
export type SprawlReport = z.infer<typeof SprawlReport>;

/** `GET /api/clusters`. */
export const ClusterList = z.object({
  items: z.array(
    ClusterStatus.extend({
      /** What its policies say now, by severity of what fails. */
      failing: z.number().int(),
      /** What its policies cannot say here: facts on images are looked up by the ranking. */
      undecided: z.number().int(),
      sprawl: z.number().int(),
    }),
  ),
});
export type ClusterList = z.infer<typeof ClusterList>;
