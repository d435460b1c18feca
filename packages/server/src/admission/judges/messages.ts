import type {
  AdmissionSettings,
  AdmissionSources,
  Answers,
  Asked,
  BasisSummary,
  LastGood,
  ReviewFault,
} from '@breakwater/app/admission';

/** What a thread that judges is started with. */
export interface JudgeSetup {
  sources: AdmissionSources;
  settings: AdmissionSettings;
  /** Whether there is an API server to ask. */
  asks: boolean;
  /** What files held when they were last good; as it was kept on disk where that is not known. */
  lastGood: LastGood | undefined;
}

/** What a thread is asked: to judge a review, or to open its files anew. */
export type JudgeRequest =
  | { kind: 'judge'; id: number; body: string; answers?: Answers | undefined }
  | { kind: 'open'; lastGood: LastGood | undefined };

/** What a thread says. Reviews are answered in the order in which they were given. */
export type JudgeAnswer =
  | { kind: 'judged'; id: number; found: FoundReview }
  /** A bug of ours: it costs this one review. */
  | { kind: 'not-judged'; id: number }
  | { kind: 'opened'; opened: Opened }
  /** What was in force stays in force. */
  | { kind: 'not-opened'; message: string; code: string; hint?: string | undefined };

/** What a thread judges by from now on. */
export interface Opened {
  summary: BasisSummary;
  lastGood: LastGood;
  /** Why something is not in force that was to be. */
  trouble?: string | undefined;
}

/** Who asks, as the API server wants to be told. */
export interface Asker {
  username: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

/** What became of a review. */
export interface JudgedReview {
  /** The AdmissionReview that answers it. */
  review: string;
  /** What was decided, in one word. */
  outcome: string;
  operation: string;
  /** What is kept of it, as a line of the log. */
  decision?: string;
  /** What the API server could be asked to judge better, and for whom. */
  asked?: { questions: readonly Asked[]; asker: Asker };
}

export type FoundReview = JudgedReview | ReviewFault;
