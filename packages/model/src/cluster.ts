import { z } from 'zod';
import { Unknown } from './place.ts';

/** A trouble with a cluster or a kind of its objects, in the words of the error; never with a secret. */
export const ClusterTrouble = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  /** ISO 8601. */
  since: z.string(),
});
export type ClusterTrouble = z.infer<typeof ClusterTrouble>;

/** A stretch of time whose states in between nobody saw, for the server had forgotten them. ISO 8601. */
export const ClusterGap = z.object({ from: z.string(), until: z.string() });
export type ClusterGap = z.infer<typeof ClusterGap>;

/** How one kind of objects of a cluster stands. */
export const ClusterKind = z.object({
  /** `deployments.apps`, as RBAC and kubectl name it. */
  name: z.string(),
  kind: z.string(),
  /** Only this namespace is read. */
  namespace: z.string().optional(),
  objects: z.number().int(),
  /** `polling` where it may be listed but not watched; `gone` where the cluster no longer has it. */
  state: z.enum(['listing', 'watching', 'polling', 'reconnecting', 'refused', 'gone', 'stopped']),
  /** When anything was heard of it last, ISO 8601. */
  heardAt: z.string().optional(),
  gaps: z.array(ClusterGap),
  trouble: ClusterTrouble.optional(),
});
export type ClusterKind = z.infer<typeof ClusterKind>;

/** A cluster that is read, and how that goes. */
export const ClusterStatus = z.object({
  /** Of the context. */
  name: z.string(),
  /** Address, without credentials. */
  server: z.string(),
  /** `v1.36.3`; absent where it never answered. */
  version: z.string().optional(),
  objects: z.number().int(),
  kinds: z.array(ClusterKind),
  trouble: ClusterTrouble.optional(),
  /** What could not be read, such as kinds that may not be listed. */
  unknowns: z.array(Unknown),
});
export type ClusterStatus = z.infer<typeof ClusterStatus>;
