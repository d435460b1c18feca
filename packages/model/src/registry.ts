import { z } from 'zod';
import { AdvisoryStatus, Severity } from './advisory.ts';
import { Verdict } from './policy.ts';

/** What of a registry is watched: named by the operator, and by nobody else. */
export const WatchedScope = z.object({
  /** Host with its port: `registry.example:5000`; Docker Hub is `docker.io`. */
  registry: z.string(),
  /** Only repositories below this path: `team` or `team/app`. Empty for all. */
  prefix: z.string(),
  /** Repositories to follow; absent where the registry's own catalogue is asked for them. */
  repositories: z.array(z.object({ name: z.string(), tags: z.array(z.string()) })).optional(),
  /** Patterns of tags to follow (`v*`), `!` before those to leave out. Empty for all. */
  tags: z.array(z.string()),
  /** Only so many tags of each repository, by version the newest. Absent for all. */
  newest: z.number().int().positive().optional(),
  /** `linux/arm64`: which image of an index. Absent for the server's own. */
  platform: z.string().optional(),
  /** Seconds between two looks at a repository. */
  interval: z.number().int().positive(),
  unsafePlainHttp: z.boolean(),
  unsafeAllowPrivateAddresses: z.boolean(),
});
export type WatchedScope = z.infer<typeof WatchedScope>;

/** A trouble of the last look, in the words of the error; never with a secret. */
export const WatchTrouble = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  /** ISO 8601. */
  since: z.string(),
});
export type WatchTrouble = z.infer<typeof WatchTrouble>;

/** A watched registry, how it stands and what is known of it. */
export const WatchedRegistry = z.object({
  /** `registry.example:5000/team`: how commands name it. */
  name: z.string(),
  scope: WatchedScope,
  /** When the list of its repositories was last got, ISO 8601. */
  lookedAt: z.string().optional(),
  /** When it is looked at next, ISO 8601. */
  nextLook: z.string().optional(),
  trouble: WatchTrouble.optional(),
  repositories: z.number().int(),
  /** Repositories whose last look failed. */
  troubled: z.number().int(),
  tags: z.number().int(),
  /** Tags whose image was not read yet. */
  waiting: z.number().int(),
});
export type WatchedRegistry = z.infer<typeof WatchedRegistry>;

/** `waiting` to be read, `read`, `failed` to be read, or `gone` from the registry. */
export const WatchedTagState = z.enum(['waiting', 'read', 'failed', 'gone']);
export type WatchedTagState = z.infer<typeof WatchedTagState>;

/** Vulnerabilities of an image in figures: each counts once for each component that has it. */
export const VulnerabilityFigures = z.object({
  total: z.number().int(),
  critical: z.number().int(),
  high: z.number().int(),
  fixable: z.number().int(),
  exploited: z.number().int(),
});
export type VulnerabilityFigures = z.infer<typeof VulnerabilityFigures>;

/** What is known of an image that was read from a registry, without its components. */
export const KnownImage = z.object({
  /** Image id. */
  id: z.string(),
  distribution: z.string().optional(),
  /** Day after which the release of its distribution gets no more fixes, ISO 8601. */
  endOfLife: z.string().optional(),
  /** When it was built, as it says, ISO 8601. */
  created: z.string().optional(),
  platform: z.string().optional(),
  layers: z.number().int(),
  components: z.number().int(),
  unknowns: z.number().int(),
  vulnerabilities: VulnerabilityFigures,
  worst: Severity.optional(),
  /** What the build gate says. */
  verdict: Verdict,
  /** When it was read from the registry, ISO 8601. */
  readAt: z.string(),
  /** When it was last held against advisories, ISO 8601. */
  judgedAt: z.string(),
});
export type KnownImage = z.infer<typeof KnownImage>;

/** A tag that is followed. */
export const WatchedTag = z.object({
  /** `registry.example/team/app:1.2`. */
  reference: z.string(),
  registry: z.string(),
  repository: z.string(),
  tag: z.string(),
  /** Of the manifest or the index that it names now (or named last). */
  digest: z.string(),
  state: WatchedTagState,
  /** When it was first seen, ISO 8601. */
  since: z.string(),
  /** When it began to name this digest, where it named another before, ISO 8601. */
  movedAt: z.string().optional(),
  goneAt: z.string().optional(),
  trouble: WatchTrouble.optional(),
  image: KnownImage.optional(),
  /** Ids of workloads of the estate that run it; at most 20. */
  workloads: z.array(z.string()),
});
export type WatchedTag = z.infer<typeof WatchedTag>;

/** Query of `GET /api/registries/tags`. */
export const WatchedTagQuery = z.object({
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  search: z.string().max(200).optional(),
  registry: z.string().max(300).optional(),
  state: WatchedTagState.optional(),
  /** What is shown: all, tags that no workload runs, or those on a base that gets no more fixes. */
  only: z.enum(['unused', 'end-of-life']).optional(),
  sort: z.enum(['name', 'worst', 'age', 'since']).default('name'),
});
export type WatchedTagQuery = z.infer<typeof WatchedTagQuery>;

/** `GET /api/registries/tags`. */
export const WatchedTagPage = z.object({
  items: z.array(WatchedTag),
  total: z.number().int(),
  nextCursor: z.string().optional(),
});
export type WatchedTagPage = z.infer<typeof WatchedTagPage>;

/** `GET /api/registries`. */
export const RegistryList = z.object({
  items: z.array(WatchedRegistry),
  /** Images whose content is stored, and when the oldest of them was last judged. */
  images: z.number().int(),
  judgedAt: z.string().optional(),
  /** Stored images that are not yet judged by the newest advisories. */
  unjudged: z.number().int(),
});
export type RegistryList = z.infer<typeof RegistryList>;

/** Something that happened in a watched registry, or to what is known of its images. */
export const RegistryEvent = z.object({
  time: z.string(),
  kind: z.enum(['tag-new', 'tag-moved', 'tag-gone', 'advisories', 'vulnerability-new', 'vulnerability-gone']),
  severity: Severity.optional(),
  sentence: z.string(),
  /** The tag, or the vulnerability. */
  subject: z.string(),
});
export type RegistryEvent = z.infer<typeof RegistryEvent>;

/** `GET /api/registries/events`: latest first, at most 200. */
export const RegistryEventList = z.object({ items: z.array(RegistryEvent) });
export type RegistryEventList = z.infer<typeof RegistryEventList>;

/** `GET /api/registries/sprawl`: what gathered that nobody needs. */
export const RegistrySprawl = z.object({
  tags: z.number().int(),
  /** Tags that no workload of the estate runs. */
  unused: z.number().int(),
  /** Tags whose image stands on a distribution release that gets no more fixes. */
  endOfLife: z.number().int(),
  gone: z.number().int(),
  /** By repository: the largest first, at most 100. */
  repositories: z.array(
    z.object({
      name: z.string(),
      tags: z.number().int(),
      unused: z.number().int(),
      endOfLife: z.number().int(),
      /** Of the image that was built first, ISO 8601. */
      oldest: z.string().optional(),
      oldestTag: z.string().optional(),
    }),
  ),
});
export type RegistrySprawl = z.infer<typeof RegistrySprawl>;

/** What judging stored images anew changed. */
export const Rejudgement = z.object({
  images: z.number().int(),
  opened: z.number().int(),
  closed: z.number().int(),
  advisories: AdvisoryStatus.pick({ importedAt: true, newest: true }),
});
export type Rejudgement = z.infer<typeof Rejudgement>;
