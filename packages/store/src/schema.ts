import type { Insertable } from 'kysely';

/** Every row belongs to a tenant. JSON is stored whole in `document`; what is searched or sorted is a column. Times are ISO 8601 text. */
interface Row {
  tenant: string;
}

export interface AssessmentTable extends Row {
  time: string;
  loss: number;
  /** `Ranking` without its lists, with the paths that were read. */
  document: string;
}

export interface WorkloadTable extends Row {
  id: string;
  cluster: string;
  namespace: string;
  rank: number;
  /** Lower-case text that search looks in. */
  search: string;
  /** `RankedWorkload`, for lists. */
  ranked: string;
  /** The rest of `AssessedWorkload`. */
  document: string;
}

export interface ImageTable extends Row {
  id: string;
  search: string;
  /** `ImageSummary`, for lists. */
  summary: string;
  document: string;
}

export interface FindingTable extends Row {
  key: string;
  cluster: string;
  namespace: string;
  workload: string;
  image: string;
  rule: string;
  search: string;
  /** 0 for one that matters. */
  quiet: number;
  /** 0 critical to 4 unknown. */
  severity: number;
  opened_at: string;
  seen_at: string;
  /** Empty while open. */
  closed_at: string;
  document: string;
}

export interface FixTable extends Row {
  n: number;
  /** `RankedFix`, for lists. */
  fix: string;
  /** The patch and its notes. */
  document: string;
}

export interface UnknownTable extends Row {
  position: number;
  document: string;
}

export interface PolicyTable extends Row {
  name: string;
  document: string;
}

export interface DocumentTable extends Row {
  kind: string;
  name: string;
  document: string;
}

/** The store's tables by name. */
export interface Schema {
  assessments: AssessmentTable;
  workloads: WorkloadTable;
  images: ImageTable;
  findings: FindingTable;
  fixes: FixTable;
  unknowns: UnknownTable;
  policies: PolicyTable;
  documents: DocumentTable;
}

export type RowOf<T extends keyof Schema> = Insertable<Schema[T]>;
