import { z } from 'zod';

/** Where a fact stands. `source` is what the user named (a file, relative to the working folder where possible, or an image reference). */
export const Place = z.object({
  source: z.string(),
  /** Path inside the source, for instance a file in an image, `/var/lib/dpkg/status`. */
  path: z.string().optional(),
  /** Zero-based document in a multi-document YAML stream. */
  document: z.number().int().nonnegative().optional(),
  /** JSON path of the field inside the document. */
  pointer: z.array(z.union([z.string(), z.number()])).optional(),
  /** One-based. */
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
});
export type Place = z.infer<typeof Place>;

/** A fact that could not be had: never an exception, never silence, and never counted as clean. */
export const Unknown = z.object({
  /** Stable, kebab-case: `archive-truncated`, `image-missing`, `kind-unknown`. */
  code: z.string(),
  /** What is not known and why, as a sentence. */
  message: z.string(),
  place: Place,
  /** What the missing fact would have said something about: a workload id, an image id or reference. */
  subject: z.string().optional(),
  /** What to do about it. */
  hint: z.string().optional(),
});
export type Unknown = z.infer<typeof Unknown>;
