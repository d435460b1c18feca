import type {
  AttackView,
  ComponentEvidence,
  Exposure,
  Finding,
  Image,
  PolicySummary,
  QuietReason,
  RankedFix,
  RankedWorkload,
  Ranking,
  TimelineEntry,
  Workload,
} from '@breakwater/model';

/** A workload with all that was concluded about it, its findings apart. */
export interface AssessedWorkload {
  workload: Workload;
  ranked: RankedWorkload;
  /** One-based place in the ranking. */
  rank: number;
  exposures: Exposure[];
  attack: AttackView;
  timeline: TimelineEntry[];
  quiet: QuietReason[];
}

/** An image with what run time says of its components, its findings apart. */
export interface AssessedImage {
  image: Image;
  /** By `Component.id`. */
  evidence: Record<string, ComponentEvidence>;
  /** Ids of workloads that run it. */
  workloads: string[];
  quiet: QuietReason[];
}

/** A fix with the patch that carries it out; empty where no file at hand can. */
export interface PreparedFix {
  fix: RankedFix;
  patch: string;
  notes: string[];
}

/** One reading of an estate, judged: what is stored, served and printed. */
export interface Assessment {
  /** ISO 8601. */
  time: string;
  /** Paths that were read, as given. */
  paths: string[];
  ranking: Ranking;
  workloads: AssessedWorkload[];
  images: AssessedImage[];
  findings: Finding[];
  fixes: PreparedFix[];
  policies: PolicySummary[];
  /** Workloads with runtime events, and alerts among the findings. */
  running: { observed: number; alerts: number };
  /** Images that workloads name and that could not be read, in part or at all. */
  unreadImages: number;
}
