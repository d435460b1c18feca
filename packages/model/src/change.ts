import { z } from 'zod';
import { Json } from './manifest.ts';

const pointer = z.array(z.union([z.string(), z.number()]));

/** A field of a Kubernetes object to set or remove, wherever the object is defined. */
export const ObjectEdit = z.object({
  target: z.literal('object'),
  cluster: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  operation: z.enum(['set', 'remove']),
  /** JSON path. Parents that are missing are made. Indexes of lists refer to the object as read. */
  pointer,
  value: Json.optional(),
});
export type ObjectEdit = z.infer<typeof ObjectEdit>;

/** A whole new object, put in a file of its own beside the workload's. */
export const ObjectAddition = z.object({
  target: z.literal('new-object'),
  /** File name without folder. */
  fileName: z.string(),
  /** Path of the file beside which it is put. */
  beside: z.string(),
  object: z.record(z.string(), Json),
});
export type ObjectAddition = z.infer<typeof ObjectAddition>;

/** Lines of a Dockerfile, lock file or the like. */
export const TextEdit = z.object({
  target: z.literal('text'),
  path: z.string(),
  /** One-based line that is replaced, or after which lines are inserted (0: at the top). */
  line: z.number().int().nonnegative(),
  operation: z.enum(['replace', 'insert-after']),
  lines: z.array(z.string()),
});
export type TextEdit = z.infer<typeof TextEdit>;

export const Edit = z.discriminatedUnion('target', [ObjectEdit, ObjectAddition, TextEdit]);
export type Edit = z.infer<typeof Edit>;

/** A change that lowers the loss, as the engine proposes it. */
export const Change = z.object({
  /** From its meaning: `unprivileged:default/shop/Deployment/cart`. */
  id: z.string(),
  /** A verb first: "Remove privileged from container cart". */
  title: z.string(),
  /** What it does and what to check before applying it. */
  detail: z.string(),
  workloads: z.array(z.string()),
  edits: z.array(Edit),
  /** True when manifests stay and an image has to be built anew. */
  afterRebuild: z.boolean(),
});
export type Change = z.infer<typeof Change>;
