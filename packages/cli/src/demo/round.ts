import { RuntimeEvent } from '@breakwater/model';
import { z } from 'zod';

/** Name by which the container of the demo is shown, whatever it was called. */
export const SHOWN_AS = 'web';

/** Where a file of an image comes from. */
export const FileOrigin = z.object({
  path: z.string(),
  /** One-based, lowest first. */
  layer: z.number().int(),
  layers: z.number().int(),
  digest: z.string(),
  /** Of the Dockerfile. */
  line: z.number().int(),
  instruction: z.string(),
});
export type FileOrigin = z.infer<typeof FileOrigin>;

/** What the attacker has in the end, each told by what can be looked at and not by the sensor. */
export const Loot = z.object({
  /** The program that was dropped wrote this file, or nothing where it is not there. */
  dropped: z.string(),
  /** What came to the attacker's listener. */
  shell: z.string(),
  /** What the request for the key answered. */
  key: z.string(),
});
export type Loot = z.infer<typeof Loot>;

/** The attack once, in audit or in block. */
export const Round = z.object({
  step: z.enum(['audit', 'block']),
  events: z.array(RuntimeEvent),
  loot: Loot,
});
export type Round = z.infer<typeof Round>;

/** All that the demo shows: as it happens, or as it happened once. */
export const Performance = z.object({
  /** When, ISO 8601. */
  time: z.string(),
  /** Version of the kernel: `6.18`. */
  kernel: z.string(),
  image: z.string(),
  dockerfile: z.array(z.string()),
  origins: z.array(FileOrigin),
  rounds: z.array(Round),
});
export type Performance = z.infer<typeof Performance>;
