import { z } from 'zod';
import { Place } from './place.ts';

/** A way from outside the cluster to a port of a workload. */
export const Exposure = z.object({
  workload: z.string(),
  /** Port of the pod; 0 stands for every port (host network without declared ports). */
  port: z.number().int(),
  protocol: z.string().default('TCP'),
  through: z.enum([
    'ingress',
    'load-balancer',
    'node-port',
    'external-ip',
    'host-port',
    'host-network',
    'attached-network',
    'gateway',
    'route',
  ]),
  /** Name of the Ingress, Service or container that opens it. */
  via: z.string(),
  /** `internet`, or `network` where only neighbours of the nodes come that far (NodePort, hostPort, internal load balancers). */
  from: z.enum(['internet', 'network']),
  /** As a phrase that follows "is reachable from the Internet": "through ingress shop". */
  phrase: z.string(),
  places: z.array(Place),
});
export type Exposure = z.infer<typeof Exposure>;

/** Workloads of `from` may open connections to the ports of every workload of `to`: one entry for a group, not a pair. */
export const ReachGroup = z.object({
  /** Stable while neither policies nor labels change. */
  id: z.string(),
  from: z.array(z.string()),
  to: z.array(z.string()),
  /** Empty: every port. */
  ports: z.array(z.object({ protocol: z.string(), from: z.number().int(), to: z.number().int() })),
  /** What decides: "no NetworkPolicy selects shop/cart", "NetworkPolicy shop/allow-web". */
  reason: z.string(),
  places: z.array(Place).default([]),
});
export type ReachGroup = z.infer<typeof ReachGroup>;

/** What can be reached over the network. */
export const Reachability = z.object({
  exposures: z.array(Exposure),
  groups: z.array(ReachGroup),
  /** Workloads that may open connections to the Internet. */
  egressToInternet: z.array(z.string()),
});
export type Reachability = z.infer<typeof Reachability>;

export const AttackNode = z.object({
  /** `internet`, `workload:ID`, `node:CLUSTER`, `identity:CLUSTER/NAMESPACE/NAME`, `asset:...`, `hub:...`. */
  id: z.string(),
  kind: z.enum(['origin', 'workload', 'node', 'identity', 'asset', 'hub']),
  label: z.string(),
  /** Points lost when it falls. */
  value: z.number().nonnegative(),
  valueReason: z.string().optional(),
});
export type AttackNode = z.infer<typeof AttackNode>;

/** One of several ways in which an edge can be used; any one suffices. */
export const AttackCause = z.object({
  /** Draws that are one event wherever they occur share a key: the CVE. */
  key: z.string(),
  /** Probability that the shared event happens (attackers use the CVE). */
  shared: z.number().min(0).max(1),
  /** Probability that it works here, given that it happens. */
  local: z.number().min(0).max(1),
  /** `local` at its best and worst, where facts are unknown. */
  localRange: z.tuple([z.number(), z.number()]).optional(),
  reason: z.string(),
  component: z.string().optional(),
  vulnerability: z.string().optional(),
});
export type AttackCause = z.infer<typeof AttackCause>;

/** A step that an attacker can take. */
export const AttackEdge = z.object({
  /** From its meaning, never from its position: the same edge draws the same worlds whatever else changes. */
  id: z.string(),
  from: z.string(),
  to: z.string(),
  kind: z.enum(['entry', 'reach', 'exploit', 'escape', 'identity', 'permission', 'credential', 'host', 'supply-chain']),
  /** Probability that the step is open, before its causes. */
  probability: z.number().min(0).max(1),
  range: z.tuple([z.number(), z.number()]).optional(),
  /** Where there are any, at least one must hold too. */
  causes: z.array(AttackCause).default([]),
  /** As a phrase: "through ingress shop", "mounts the container runtime socket". */
  phrase: z.string(),
  /** Where each number comes from. */
  reason: z.string(),
  /** What stops it, as a phrase: "drop SYS_ADMIN". Absent where it is not a setting's to stop. */
  mitigation: z.string().optional(),
  places: z.array(Place).default([]),
});
export type AttackEdge = z.infer<typeof AttackEdge>;

export const AttackGraph = z.object({ nodes: z.array(AttackNode), edges: z.array(AttackEdge) });
export type AttackGraph = z.infer<typeof AttackGraph>;
