import { Exposure, type JsonObject, Unknown, Verdict } from '@breakwater/model';
import { z } from 'zod';
import { documentsShape } from './policy-documents.ts';

/** What a policy on images said of one, in the deploy phase. What passed is not kept. */
export const ImageResult = z.object({
  policy: z.string(),
  verdict: Verdict,
  element: z.string().optional(),
  message: z.string(),
  /** Ids of the vulnerability that it is about, for exceptions. */
  vulnerabilities: z.array(z.string()),
});
export type ImageResult = z.infer<typeof ImageResult>;

/** What is known of an image when somebody wants to run it. */
export const ImageVerdict = z.object({
  id: z.string(),
  /** As registries and archives name it. */
  references: z.array(z.string()),
  /** Of its config, its manifest and the indexes that hold it. */
  digests: z.array(z.string()),
  results: z.array(ImageResult),
});
export type ImageVerdict = z.infer<typeof ImageVerdict>;

/** Read from JSON: what is inside can be nothing else, and forty thousand of them are not gone through once more. */
const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

/**
 * Everything that admission answers from, so that it starts and answers while nothing else does. Written whole by the
 * worker; policies of ours come with the program and are not in it.
 */
export const Snapshot = z.object({
  /** Of this shape: another one is not read. */
  format: z.literal(1),
  /** ISO 8601: when what it holds was known to be so. */
  time: z.iso.datetime(),
  cluster: z.string(),
  ...documentsShape,
  /** What in the files of policies could not be used when they were read. */
  faults: z.array(Unknown).default([]),
  packs: z.array(z.string()),
  kubernetesVersion: z.string(),
  /** Objects of the cluster that policies ask for beside the one that is judged: namespaces, pods, bindings, ... */
  objects: z.array(object),
  /** Whether these are all objects of their kinds, as a live cluster has them: what is not there does not exist. */
  complete: z.boolean(),
  /** Kinds that could not be read. */
  unread: z.array(z.string()),
  images: z.array(ImageVerdict),
  /** By workload id: ways in from outside. A workload that is known and has none has an empty list. */
  exposures: z.record(z.string(), z.array(Exposure)),
});
export type Snapshot = z.infer<typeof Snapshot>;
