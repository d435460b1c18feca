import { z } from 'zod';

/** A program or library of an image, as far as behaviour depends on it. */
export const ReleaseFile = z.object({
  path: z.string(),
  /** `sha256:...` of its content; absent where only its path is known. */
  digest: z.string().optional(),
  /** Name of the package that owns it, `nginx-core`; absent for files that belong to none. */
  component: z.string().optional(),
  kind: z.enum(['executable', 'library', 'script']),
  /** `/bin/sh` or `/usr/bin/env node`: how a script says that it is run; absent for all else. */
  interpreter: z.string().optional(),
  /** Other paths that lead to it. */
  links: z.array(z.string()).optional(),
});
export type ReleaseFile = z.infer<typeof ReleaseFile>;

/** What of an image, beside its packages and config, its behaviour depends on. */
export const ImageRelease = z.object({
  files: z.array(ReleaseFile),
  /** Programs and libraries beyond those that are listed: the absence of one says nothing then. */
  omitted: z.number().int().nonnegative().default(0),
  /** By name a digest of the value: values may hold secrets. */
  environment: z.record(z.string(), z.string()).default({}),
  /** Folders of `PATH`, in their order. */
  searchPath: z.array(z.string()).default([]),
  /** Hosts that its environment and command line name. */
  peers: z.array(z.string()).default([]),
});
export type ImageRelease = z.infer<typeof ImageRelease>;

/**
 * What was built and declared of one container of a workload: everything that a change of its behaviour can be explained
 * by. It is made of an image and a manifest, either of which may not be known; what is not known explains nothing.
 */
export const ReleaseFacts = z.object({
  /** Equal for equal facts: a digest over all of them. */
  id: z.string(),
  image: z.string().optional(),
  imageDigest: z.string().optional(),
  /** Whether the image's files were read: only then does the absence of one say anything. */
  filesKnown: z.boolean().default(false),
  files: z.array(ReleaseFile).default([]),
  /** Version by name of package. */
  components: z.record(z.string(), z.string()).default({}),
  entrypoint: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  /** Folders in which programs without a path are looked for, in their order; empty where nobody knows. */
  searchPath: z.array(z.string()).default([]),
  user: z.string().optional(),
  /** `8080/TCP`, of the image and the manifest. */
  ports: z.array(z.string()).default([]),
  /** Paths of mounted volumes. */
  mounts: z.array(z.object({ path: z.string(), readOnly: z.boolean().default(false) })).default([]),
  /** By name a digest of the value: values may hold secrets. */
  environment: z.record(z.string(), z.string()).default({}),
  /** Hosts that environment, arguments or configuration name, `db.shop.svc:5432`, without a port where none is named. */
  peers: z.array(z.string()).default([]),
  /** Programs that probes and lifecycle hooks run, and ports that they call. */
  probes: z.array(z.string()).default([]),
  /** Capabilities that were added, `CAP_NET_BIND_SERVICE`. */
  capabilities: z.array(z.string()).default([]),
  serviceAccount: z.string().optional(),
  /** By resource, as declared: `cpu` in cores, `memory` in bytes. */
  limits: z.record(z.string(), z.number()).default({}),
});
export type ReleaseFacts = z.infer<typeof ReleaseFacts>;

/** One thing that differs between two releases. */
export const ReleaseChange = z.object({
  kind: z.enum([
    'executable',
    'library',
    'component',
    'entrypoint',
    'user',
    'port',
    'mount',
    'environment',
    'peer',
    'probe',
    'capability',
    'limit',
    'service-account',
  ]),
  change: z.enum(['added', 'removed', 'altered']),
  /** Path, name of package, port, peer. */
  name: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type ReleaseChange = z.infer<typeof ReleaseChange>;

/**
 * What differs between two releases, in a stable order; `incomplete` says what could not be compared, a sentence each, and
 * `unlisted` how many changes were found that are not listed.
 */
export const ReleaseDifference = z.object({
  from: z.string(),
  to: z.string(),
  changes: z.array(ReleaseChange),
  incomplete: z.array(z.string()).default([]),
  unlisted: z.number().int().positive().optional(),
});
export type ReleaseDifference = z.infer<typeof ReleaseDifference>;
