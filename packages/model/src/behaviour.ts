import { z } from 'zod';

/** What kinds of things containers do, in the order in which they are shown. */
export const DIMENSIONS = ['exec', 'open', 'connect', 'listen', 'capability', 'syscall', 'privilege'] as const;

/**
 * One thing that a container does: who, and what. Two events that give equal behaviours are the same behaviour, on any
 * host and in any release. `exec` is keyed by who starts the program; everything else by the program that acts.
 */
export const Behaviour = z.object({
  dimension: z.enum(DIMENSIONS),
  /** Path of the acting executable as the container sees it; empty for the container's first program, which its runtime starts. */
  actor: z.string(),
  /** Path of the executable of the actor's parent; empty where it has none in the container, or nobody knows. */
  parent: z.string().default(''),
  /** How a file was opened. */
  access: z.enum(['read', 'write', 'create', 'delete']).optional(),
  /**
   * To what. `exec`: path of the program. `open`: path of an executable, library or configuration; of data a pattern of
   * its folder, `/var/log/nginx/*`. `connect`: `name:port/TCP`, else `address:port/TCP`, else the address class,
   * `internet:443/TCP`. `listen`: `8080/TCP`. `capability`: `CAP_NET_RAW`. `syscall`: its name. `privilege`: the call and
   * what of it matters, `unshare user mount`, `setuid 0`, `mount proc`.
   */
  object: z.string(),
  /** `exec`: whether the file is as the image has it; absent where nobody knows. */
  inImage: z.boolean().optional(),
  /**
   * Which of many programs in one file it is, `sh` of `/bin/busybox`: the one that is started for `exec`, else the actor.
   * Absent for files that are one program, and where nobody knows.
   */
  applet: z.string().optional(),
});
export type Behaviour = z.infer<typeof Behaviour>;

/** A profile as a plain set: what a container is known to do, however it came to be known. */
export const BehaviourProfile = z.object({
  /** `namespace/Kind/name` of the workload, or the image, that it is of. */
  subject: z.string(),
  /** Container of the pod, where it is of one. */
  container: z.string().optional(),
  imageDigest: z.string().optional(),
  origin: z.enum(['recorded', 'declared', 'written']),
  /** First and last event of a recording, ISO 8601. */
  from: z.string().optional(),
  until: z.string().optional(),
  /** Whether the recording has gaps: what is missing in it may have happened. */
  partial: z.boolean().default(false),
  /** Dimensions that were seen at all: of others nothing follows from an absence. */
  dimensions: z.array(z.enum(DIMENSIONS)),
  behaviours: z.array(Behaviour),
});
export type BehaviourProfile = z.infer<typeof BehaviourProfile>;
