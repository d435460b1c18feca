import type {
  AttackView,
  Change,
  ComponentEvidence,
  Exposure,
  Finding,
  Image,
  ManifestObject,
  Place,
  PolicySummary,
  QuietReason,
  RankedFix,
  RankedWorkload,
  Ranking,
  Severity,
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
  /** Components with vulnerabilities: how many, and the worst. By `Component.id`. */
  affected: Record<string, { vulnerabilities: number; worst: Severity }>;
  /** Workloads that run it, with the loss of each. */
  workloads: { id: string; loss: number }[];
  quiet: QuietReason[];
}

/** A fix with all that its patch is made of. The patch itself is made when it is asked for, from the files as they are then. */
export interface PreparedFix {
  fix: RankedFix;
  change: Change;
  /** The objects that it edits, as they were read. */
  objects: ManifestObject[];
  /** Where each of its workloads is described, by workload id: pointers of edits begin there. */
  describedBy: Record<string, Place>;
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
