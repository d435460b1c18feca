import type {
  Behaviour,
  BehaviourModelState,
  BehaviourProfile,
  LearnedProfile,
  ReleaseFacts,
  RuntimeEvent,
} from '@breakwater/model';
import type { BehaviourCount, ToldLoss, ToldReplica } from '../../ingest/kept/index.ts';

/** Somebody's word for or against behaviours, or an incident's; without `container` of each of the subject's. */
export type BehaviourWord =
  | { kind: 'hold'; subject: string; container?: string; keys: string[]; incident: string }
  | { kind: 'letGo'; incident: string }
  | {
      kind: 'accept';
      subject: string;
      container?: string;
      keys: string[];
      owner: string;
      reason: string;
      /** ISO 8601. */
      expires: string;
    };

/** What a batch of events tells those who learn. */
export interface ToldBatch {
  behaviours: BehaviourCount[];
  replicas: ToldReplica[];
  losses: ToldLoss[];
}

/** Something that is to be learned: in the order in which it came. */
export type JournalEntry =
  | { id: string; batch: ToldBatch }
  | { id: string; word: BehaviourWord }
  /** Why it cannot be read. */
  | { id: string; unreadable: string };

/** A model as it was kept last. */
export interface KeptModel {
  subject: string;
  /** Empty where it is of none. */
  container: string;
  /** Grows by one each time that it is kept: two that learn at once would else undo each other's work. */
  version: number;
  state: BehaviourModelState;
}

/** A model, to be kept in the place of the one of the version before. */
export interface LearnedModel extends KeptModel {
  profile: LearnedProfile;
}

/** What a release was found to be, for those who run it. */
export interface KeptFacts {
  /** Workload and container that it is of; both empty for what an image alone tells. */
  subject: string;
  container: string;
  /** Digests and references by which events name its image. */
  images: string[];
  facts: ReleaseFacts;
}

/** A profile's name, and when it was kept. */
export interface ProfileHead {
  subject: string;
  container?: string;
  /** ISO 8601. */
  updatedAt: string;
}

/** Somebody else learned meanwhile: what was learned here was learned there. */
export class LearnedElsewhere extends Error {
  override name = 'LearnedElsewhere';
}

/** Where what was told waits to be learned, and where it is kept. */
export interface BehaviourStore {
  /** Takes the place of the one who learns, until then; false where somebody else has it. Times are ISO 8601. */
  claim(owner: string, now: string, until: string): Promise<boolean>;
  /** What came after `after` and is not among `done`, the oldest first: so many, and no more `bytes` than fit, but one. */
  journal(after: string, done: ReadonlySet<string>, limit: number, bytes: number): Promise<JournalEntry[]>;
  /** Tells those who learn. */
  say(word: BehaviourWord): Promise<void>;
  model(subject: string, container: string): Promise<KeptModel | undefined>;
  /** Containers of a subject of which there are models. */
  containers(subject: string): Promise<string[]>;
  /** Models, as they were kept last, that may hold something for an incident; of others it is certain that they do not. */
  holding(incident: string): Promise<{ subject: string; container: string }[]>;
  /** What a source, `sensor@node`, said last that it tells of a container every time; undefined where it said nothing. */
  promised(subject: string, container: string, reporter: string): Promise<Behaviour['dimension'][] | undefined>;
  /** The first event that showed a behaviour; undefined where none was joined yet. */
  example(subject: string, container: string, key: string): Promise<RuntimeEvent | undefined>;
  /** Whether an event of this cluster is among those that showed a subject's behaviours first. */
  isTaughtBy(subject: string, container: string, cluster: string): Promise<boolean>;
  /** Keeps models and forgets what they were learned from, together. @throws {LearnedElsewhere} */
  keep(models: readonly LearnedModel[], done: readonly string[], now: string): Promise<void>;
  profiles(): Promise<ProfileHead[]>;
  /** As it was kept last; `container` may be left out where there is one. */
  describe(subject: string, container?: string): Promise<LearnedProfile | undefined>;
  described(): Promise<LearnedProfile[]>;
  /** What is known of a release: of this workload's container, in its cluster or in any, else of its image alone. */
  facts(subject: string, container: string, image: string): Promise<ReleaseFacts | undefined>;
  /** What was recorded of an image before it ran, and signed by somebody who is trusted; by its digest. */
  recorded(image: string): Promise<BehaviourProfile | LearnedProfile | undefined>;
  writeRecorded(images: readonly string[], profile: BehaviourProfile | LearnedProfile): Promise<void>;
  writeFacts(facts: readonly KeptFacts[], now: string): Promise<void>;
}
