import type {
  AdvisoryStatus,
  Image,
  KnownImage,
  RegistryEvent,
  RegistryList,
  RegistrySprawl,
  Severity,
  VulnerabilityMatch,
  WatchedTagPage,
  WatchedTagQuery,
  WatchTrouble,
} from '@breakwater/model';
import type { NamedScope } from './scope-name.ts';

/** A tag as the last look left it. */
export interface StoredTag {
  tag: string;
  digest: string;
  /** Image id; empty while it was not read. */
  image: string;
  gone: boolean;
}

/** What a look at a repository found out about its tags. */
export interface TagChanges {
  /** Tags with the digest that each names now: new ones, moved ones, and those that stayed. */
  present: { tag: string; digest: string }[];
  /** Tags that the registry no longer has. */
  gone: string[];
  /** Tags that are there and no longer followed. */
  left: string[];
}

/** What is to be done: the list of a registry's repositories, the tags of one, one image. */
export type JobKind = 'catalogue' | 'repository' | 'image' | 'judge';

/** A piece of work that one worker has claimed. */
export interface Job {
  id: string;
  kind: JobKind;
  /** Name of the scope. */
  watch: string;
  /** Host. */
  registry: string;
  /** Empty for a catalogue. */
  repository: string;
  /** Of the image; empty for others. */
  digest: string;
  /** Failures in a row. */
  attempts: number;
  /** ISO 8601. */
  claimedAt: string;
}

/** What is kept of an image: enough to judge it again without its registry. */
export interface JudgedInventory {
  known: KnownImage;
  image: Image;
  matches: VulnerabilityMatch[];
  /** Each vulnerability with the component that has it, by a key that is stable across versions. */
  findings: { key: string; rule: string; severity: Severity }[];
  /** `importedAt` of the advisories that it was judged by; empty without any. */
  advisories: string;
}

/** A vulnerability that judging by new advisories found, or no longer found. */
export interface JudgementChange {
  rule: string;
  severity: Severity;
  images: number;
}

/** What can be asked about registries. */
export interface RegistryView {
  list(newestAdvisories: string): Promise<RegistryList>;
  tags(query: WatchedTagQuery, now: string): Promise<WatchedTagPage>;
  events(): Promise<RegistryEvent[]>;
  sprawl(now: string): Promise<RegistrySprawl>;
  /** What is kept of an image; undefined for one that was not read from a registry. */
  knownImage(id: string): Promise<KeptImage | undefined>;
  scopes(): Promise<NamedScope[]>;
  /** Makes looks due at once: at a repository, or at all of a scope. Gives how many. Back-off is kept unless `force`. */
  lookNow(where: { watch: string; repository?: string }, now: string, force: boolean): Promise<number>;
  /** Follows a repository of a scope too. */
  addRepository(watch: string, repository: string, now: string): Promise<void>;
}

/** An image that was read from a registry, with where it is and who runs it. */
export interface KeptImage {
  known: KnownImage;
  image: Image;
  matches: VulnerabilityMatch[];
  /** Ids of the workloads that run it. */
  workloads: string[];
}

/** Keeps what is watched, what is due, and what is known of images. Bound to one tenant; several servers may share it. */
export interface RegistryStore extends RegistryView {
  /** Watches a scope from now on, or in another way than before. */
  watch(scope: NamedScope, now: string): Promise<void>;
  /** Watches it no longer, and lets go of its tags; false where it was not watched. */
  forget(watch: string): Promise<boolean>;
  /** The next piece of work of some kinds that is due, claimed for `worker` until `until`; undefined where nothing is. */
  claim(kinds: readonly JobKind[], now: string, worker: string, until: string): Promise<Job | undefined>;
  /** Holds what a worker claimed until a later time. */
  hold(worker: string, until: string): Promise<void>;
  /** Hands back what workers that are gone had claimed. */
  release(now: string): Promise<number>;
  /** Ends a piece of work: it comes again at `next`, not before; without `next` it is over. */
  finish(job: Job, outcome: { next?: string; failed?: boolean }): Promise<void>;
  /** Lets nothing of a registry be due before a time. */
  pause(registry: string, until: string): Promise<void>;
  /** The repositories that a registry lists now. Those that it lists no longer are gone with their tags. */
  saveRepositories(watch: string, repositories: string[], now: string, due: (index: number) => string): Promise<void>;
  noteLook(where: { watch: string; repository?: string }, now: string, trouble?: WatchTrouble): Promise<void>;
  tagsOf(watch: string, repository: string): Promise<StoredTag[]>;
  /** Writes what a look found, with what happened; queues the images that are not known. */
  saveTags(job: Job, platform: string, changes: TagChanges, now: string): Promise<void>;
  /** Writes an image and ties the tags of its digest to it. */
  saveImage(job: Job, platform: string, inventory: JudgedInventory, now: string): Promise<void>;
  /** Writes that the image of a digest could not be read. */
  failImage(job: Job, trouble: WatchTrouble): Promise<void>;
  /** References by which an image of a digest is known: `registry/repository:tag`. */
  referencesOf(job: Job): Promise<string[]>;
  /** Images that were judged by older advisories than these, some at a time. */
  staleImages(advisories: string, limit: number): Promise<{ image: Image; readAt: string }[]>;
  /** Writes what judging anew found; findings open and close with the advisories that say so. */
  saveJudgements(inventories: JudgedInventory[], now: string): Promise<{ opened: number; closed: number }>;
  /** What judging by these advisories changed in images that were known before, most images first. */
  judgementChanges(
    advisories: string,
    limit: number,
  ): Promise<{ opened: JudgementChange[]; closed: JudgementChange[] }>;
  /** Adds to the story of registries, once for each subject, kind and time. */
  tell(events: RegistryEvent[]): Promise<void>;
  /** Queues judging anew, unless it is queued or under way. */
  queueJudging(now: string): Promise<void>;
  /** Lets go of tags that are long gone, of images that no tag names, and of old events. */
  prune(now: string): Promise<void>;
  /** Whether any workload of the estate runs something of these names. */
  isUsed(names: readonly string[]): Promise<boolean>;
  /** Stored images by any of their names: references, digests, ids. */
  imagesNamed(names: readonly string[]): Promise<Image[]>;
}

/** What the index of advisories is known by in the store: the time of its import. */
export const stampOf = (status: Pick<AdvisoryStatus, 'importedAt'>): string => status.importedAt ?? '';
