import { z } from 'zod';

const Sighting = z.object({ path: z.string(), lastSeen: z.string() });

/** What runtime events said of one image: small, plain JSON that the store keeps and that merges in any order. */
export const Observation = z.object({
  /** Digest that the runtime names; else `reference:...`, else `workload:namespace/name`. */
  key: z.string(),
  /** `sha256:...` of manifest or config. */
  imageDigest: z.string().optional(),
  /** References under which it ran. */
  references: z.array(z.string()),
  /** `namespace/name` of workloads, or of pods where no owner is known. */
  workloads: z.array(z.string()),
  /** `source@node` of everything that reported. */
  reporters: z.array(z.string()),
  /** Executables, by path, sorted. */
  executed: z.array(Sighting),
  /** Files opened other than for writing, by path, sorted. */
  opened: z.array(Sighting),
  /** First and last event, ISO 8601. */
  first: z.string(),
  last: z.string(),
  /** Whole hours since 1970 in which a reporter gave signs of life, as inclusive ranges in order. */
  hours: z.array(z.tuple([z.number().int(), z.number().int()])),
  /** Whether events of this kind were reported at all. */
  execReported: z.boolean(),
  openReported: z.boolean(),
  /** A reporter lost events, or more paths were seen than are kept: what is missing here may have happened. */
  lossReported: z.boolean(),
  truncated: z.boolean(),
});
export type Observation = z.infer<typeof Observation>;
