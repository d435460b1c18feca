import { z } from 'zod';
import { Component, Distribution } from './component.ts';
import { SupportStatus } from './end-of-life.ts';
import { Unknown } from './place.ts';
import { ImageRelease } from './release.ts';

export const Layer = z.object({
  /** Digest of the layer's uncompressed tar, `sha256:...`. */
  diffId: z.string(),
  /** Digest of the blob as stored, where it differs. */
  digest: z.string().optional(),
  /** Bytes of uncompressed content read. */
  size: z.number().int().nonnegative(),
  /** Dockerfile step that made it, from the image's history. */
  createdBy: z.string().optional(),
});
export type Layer = z.infer<typeof Layer>;

export const ImageConfig = z.object({
  user: z.string().optional(),
  entrypoint: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  workingDirectory: z.string().optional(),
  /** `80/tcp`. */
  exposedPorts: z.array(z.string()).default([]),
  /** Names only: values may hold secrets. */
  environment: z.array(z.string()).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  created: z.string().optional(),
});
export type ImageConfig = z.infer<typeof ImageConfig>;

/** Where an image, or what stands for one, was read from. */
export const ImageSource = z.enum([
  'docker-archive',
  'oci-layout',
  'oci-archive',
  'registry',
  'root-filesystem',
  'sbom',
  /** Exported by the engine of that name. */
  'docker',
  'podman',
  /** Read where Podman, Buildah and CRI-O, or Docker, keep images on a disk. */
  'containers-storage',
  'docker-storage',
  /** The file system of a container as it is now. */
  'container',
  /** Lock files of a checkout. */
  'repository',
]);
export type ImageSource = z.infer<typeof ImageSource>;

/** The image that another one was built from. Nothing states it for sure: each fact carries what speaks for it. */
export const BaseImage = z.object({
  /** `docker.io/library/alpine:3.10`; absent where only its layers are known. */
  name: z.string().optional(),
  /** Of its manifest. */
  digest: z.string().optional(),
  /** How many of the lowest layers are its own; absent where only its name is known. */
  layers: z.number().int().positive().optional(),
  /** What speaks for it: the weakest link where layers and name come from different facts. */
  evidence: z.enum(['annotation', 'label', 'history', 'known-image']),
  /** How sure it is. `low` is a guess. */
  confidence: z.enum(['high', 'medium', 'low']),
});
export type BaseImage = z.infer<typeof BaseImage>;

/** The container whose file system was read instead of an image's: a state, which changes while it runs. */
export const ContainerState = z.object({
  id: z.string(),
  name: z.string(),
  engine: z.enum(['docker', 'podman']),
  /** `running`, `exited`, `created`, as the engine says. */
  state: z.string(),
  /** The image that it was made from: its id, and as it was named. */
  image: z.object({ id: z.string(), name: z.string().optional() }),
  /** Paths that differ from the image; absent where the engine does not tell. Volumes are not part of it. */
  changes: z.array(z.object({ path: z.string(), kind: z.enum(['added', 'modified', 'removed']) })).optional(),
  /** How many there are, where more changed than are listed. */
  changeCount: z.number().int().nonnegative().optional(),
});
export type ContainerState = z.infer<typeof ContainerState>;

/** What was read from one image. */
export const Image = z.object({
  /** Digest of the config (the "image id"), or `sha256:` over path and content where there is none. */
  id: z.string(),
  source: ImageSource,
  /** As the user named it: a path, with `#tag` or `#digest` where an archive holds several. */
  target: z.string(),
  /** References the archive itself gives: `localhost/app:1`. */
  references: z.array(z.string()).default([]),
  /** Digest of the manifest, and of every index that holds it: what `image@sha256:` in a manifest names. */
  manifestDigests: z.array(z.string()).default([]),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }).optional(),
  config: ImageConfig.optional(),
  container: ContainerState.optional(),
  /** Absent where no base image is known, which does not say that there is none. */
  base: BaseImage.optional(),
  distribution: Distribution.optional(),
  /** Until when its distribution and its runtimes get fixes, on the day of judging; absent before it was judged. */
  support: z.array(SupportStatus).optional(),
  layers: z.array(Layer).default([]),
  components: z.array(Component),
  /** Files in the final file system (after whiteouts), of all kinds. */
  fileCount: z.number().int().nonnegative().default(0),
  /** Programs, libraries and what else its behaviour depends on; only where it was asked for. */
  release: ImageRelease.optional(),
  /** Whatever could not be read: an image with these is never called clean. */
  unknowns: z.array(Unknown).default([]),
});
export type Image = z.infer<typeof Image>;
