/** What was told and is not learned yet, in order of arrival. */
export interface BehaviourJournalTable {
  tenant: string;
  id: string;
  kind: 'batch' | 'word';
  /** `ToldBatch`, or `BehaviourWord`. */
  document: string;
}

/** What is learned of one container of a subject. */
export interface BehaviourModelTable {
  tenant: string;
  subject: string;
  /** Empty where it is of no pod. */
  container: string;
  updated_at: string;
  /** `BehaviourModelState`. */
  state: string;
  /** `LearnedProfile`, of that state. */
  profile: string;
  version: number;
}

/** What was built and declared, by image. */
export interface ReleaseFactsTable {
  tenant: string;
  /** Empty, as `container`, for what an image alone tells. */
  subject: string;
  container: string;
  /** Digest or reference. */
  image: string;
  seen_at: string;
  /** `ReleaseFacts`. */
  document: string;
}
