import { z } from 'zod';
import { DIMENSIONS } from './behaviour.ts';
import { EVENT_TYPES } from './event-types.ts';
import { GuardName } from './guard.ts';
import { Enforcement } from './policy.ts';

export const EventProcess = z.object({
  path: z.string(),
  arguments: z.string().default(''),
  /** Which of many programs in one file it is, by the name it was called by: `sh` of `/bin/busybox`. */
  applet: z.string().optional(),
  pid: z.number().int().optional(),
  uid: z.number().int().optional(),
  workingDirectory: z.string().optional(),
  startTime: z.string().optional(),
  /** Id that the source gives the process, unique over hosts and time. */
  executionId: z.string().optional(),
  /** Whether the file that it runs is as the image has it: neither added nor changed since, nor from elsewhere. */
  inImage: z.boolean().optional(),
  /** What it runs is in no folder any more: deleted, or never there but in memory. */
  fileless: z.boolean().optional(),
  /** Of its file, `sha256:...`, where it is not in the image and a source looked. */
  digest: z.string().optional(),
  /** Names of the capabilities in effect, `CAP_NET_RAW`. */
  capabilities: z.array(z.string()).optional(),
});
export type EventProcess = z.infer<typeof EventProcess>;

/** One thing that happened at run time, whatever saw it. */
export const RuntimeEvent = z.object({
  source: z.enum(['sensor', 'tetragon', 'falco', 'tracee', 'kubearmor', 'kubernetes-audit', 'auditd']),
  /** ISO 8601, UTC. */
  time: z.string(),
  type: z.enum(EVENT_TYPES),
  node: z.string().optional(),
  /** What the source knows of the pod. */
  pod: z
    .object({
      cluster: z.string().optional(),
      namespace: z.string(),
      name: z.string(),
      workloadKind: z.string().optional(),
      workload: z.string().optional(),
      labels: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
  container: z
    .object({
      id: z.string().optional(),
      name: z.string().optional(),
      /** As the runtime names it. */
      image: z.string().optional(),
      /** `sha256:...` of config or manifest. */
      imageDigest: z.string().optional(),
    })
    .optional(),
  process: EventProcess.optional(),
  parent: EventProcess.optional(),
  file: z
    .object({
      path: z.string(),
      access: z.enum(['read', 'write', 'create', 'execute', 'delete']).optional(),
      /** What a link leads to, a renamed file was called, is mounted, or how the listener of a socket calls it. */
      from: z.string().optional(),
      inImage: z.boolean().optional(),
    })
    .optional(),
  peer: z
    .object({
      address: z.string(),
      port: z.number().int(),
      protocol: z.string().default('TCP'),
      name: z.string().optional(),
    })
    .optional(),
  local: z
    .object({
      address: z.string(),
      port: z.number().int(),
      /** Absent for TCP. */
      protocol: z.string().optional(),
    })
    .optional(),
  /** Names of the call or function, for `syscall`, `privilege` and the like. */
  call: z.string().optional(),
  /** What of the call's arguments matters: namespaces (`user mount`), the new user (`0`), the kind of file system. */
  callArguments: z.string().optional(),
  exitCode: z.number().int().optional(),
  /** Why the call failed, `ECONNREFUSED`; absent where it did not, or nobody knows. */
  failure: z.string().optional(),
  /**
   * What the sensor did: noted that it would have been stopped, stopped it before its effect, or killed the process after
   * the call, which had its effect.
   */
  prevention: z.enum(['audited', 'stopped', 'killed']).optional(),
  /** Which guards that was about. */
  guards: z.array(GuardName).optional(),
  alert: z
    .object({
      rule: z.string(),
      priority: z.string(),
      message: z.string(),
      tags: z.array(z.string()).default([]),
      /** What kind of event it was raised about, where the rest of this one tells of it. */
      about: z.string().optional(),
      /** How far the policy that raised it is enforced. */
      enforcement: Enforcement.optional(),
      /** Name of the exception that covers it: it is shown, and counts for nothing. */
      exception: z.string().optional(),
      /** The processes above the one that acted, the closest first. */
      ancestors: z.array(EventProcess).optional(),
      /** What build and deploy know of it, a sentence each: image, component, exposure, identity, why it matters. */
      story: z.array(z.string()).optional(),
    })
    .optional(),
  /** Events lost before this one, for `loss`. */
  lost: z.number().int().optional(),
  /** When that began of which this tells the whole, for `loss` and `resource`: from then until `time`. ISO 8601, UTC. */
  since: z.string().optional(),
  /** For `watch`: a source begins to tell of a container. */
  watch: z
    .object({
      /** Kinds of things that it tells of every time, so that what it does not tell was not done. */
      dimensions: z.array(z.enum(DIMENSIONS)),
      /** Whether it saw the container's first program start; false where it came later, and what was done before is not known. */
      isWhole: z.boolean(),
      /** What its runtime started it with, where that is known: values of its environment are told by nobody. */
      settings: z
        .object({
          /** The command line. */
          arguments: z.array(z.string()),
          /** Names of variables. */
          environment: z.array(z.string()),
          /** `cpu` in cores, `memory` in bytes. */
          limits: z.record(z.string(), z.number()),
        })
        .optional(),
    })
    .optional(),
  /** What a container used between `since` and `time`, for `resource`; what nobody counts there is absent. */
  usage: z
    .object({
      /** Seconds of processors. */
      cpu: z.number().optional(),
      /** Bytes that it holds at `time`. */
      memory: z.number().optional(),
      /** Processes and threads at `time`. */
      tasks: z.number().int().optional(),
      /** Bytes of disks. */
      read: z.number().optional(),
      written: z.number().optional(),
      /** Bytes of networks. */
      received: z.number().optional(),
      sent: z.number().optional(),
    })
    .optional(),
  /** How often it happened since it was told last, where a source folds what repeats; absent for once. */
  count: z.number().int().optional(),
  /** What an API server was asked for, and by whom, for `request`. */
  request: z
    .object({
      user: z.string(),
      groups: z.array(z.string()).default([]),
      /** Who asked in truth, where he acted as `user`. */
      impersonator: z.string().optional(),
      verb: z.string(),
      /** With its subresource, `pods/exec`; empty for a path. */
      resource: z.string(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      /** Of requests for what is no resource: `/metrics`. */
      path: z.string().optional(),
      /** Addresses from which it came, the client's first. */
      from: z.array(z.string()).default([]),
      userAgent: z.string().optional(),
      /** False where the API server refused it. */
      allowed: z.boolean(),
    })
    .optional(),
});
export type RuntimeEvent = z.infer<typeof RuntimeEvent>;
