import { Image, Unknown } from '@breakwater/model';
import { z } from 'zod';
import type { ReadItem } from './child/read-target.ts';

/** The shapes of what comes back from behind the wall; a module of its own, so that they are made while the child works. */
export const item: z.ZodType<ReadItem> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), image: Image }),
  z.object({ kind: z.literal('unknown'), unknown: Unknown }),
  z.object({
    kind: z.literal('layer'),
    digest: z.string(),
    diffId: z.string(),
    offset: z.number().int().nonnegative(),
    length: z.number().int().nonnegative(),
  }),
  z.object({ kind: z.literal('layer-used'), digest: z.string() }),
  z.object({ kind: z.literal('progress'), done: z.number(), total: z.number(), subject: z.string() }),
]);

export const result = z.null();
