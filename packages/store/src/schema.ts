import type { JobKind } from '@breakwater/app/registries';
import type { WatchedTagState } from '@breakwater/model';
import type { Insertable } from 'kysely';
import type { BehaviourJournalTable, BehaviourModelTable, ReleaseFactsTable } from './queries/behaviour/tables.ts';
import type {
  IncidentExceptionTable,
  IncidentNameTable,
  IncidentSignTable,
  IncidentTable,
} from './queries/incidents/tables.ts';

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

/** Registries that are watched; empty texts where nothing is known yet. */
export interface WatchTable extends Row {
  /** `registry.example/team`. */
  name: string;
  registry: string;
  /** `WatchedScope`. */
  scope: string;
  looked_at: string;
  /** `WatchTrouble`, or empty. */
  trouble: string;
  /** No work on its registry begins before. */
  paused_until: string;
}

export interface WatchedRepositoryTable extends Row {
  watch: string;
  name: string;
  looked_at: string;
  trouble: string;
}

export interface WatchedTagTable extends Row {
  watch: string;
  repository: string;
  tag: string;
  /** `registry/repository:tag`, in lower case but for the tag; search looks in it. */
  reference: string;
  digest: string;
  platform: string;
  /** Empty while it was not read. */
  image: string;
  state: WatchedTagState;
  since: string;
  moved_at: string;
  /** Empty while the registry has it. */
  gone_at: string;
  trouble: string;
}

/** Which image a digest gives on a platform. */
export interface KnownDigestTable extends Row {
  digest: string;
  platform: string;
  image: string;
}

export interface KnownImageTable extends Row {
  id: string;
  created: string;
  end_of_life: string;
  /** 0 critical to 4 unknown, 5 for none. */
  worst: number;
  /** Import time of the advisories that judged it. */
  judged_with: string;
  judged_at: string;
  /** `KnownImage`. */
  summary: string;
  /** The image as it was read, packed. */
  document: string;
  /** What was concluded from it, packed. */
  judgement: string;
  /** Of what was concluded: what stays the same is not written again. */
  digest: string;
}

export interface ImageFindingTable extends Row {
  image: string;
  key: string;
  rule: string;
  severity: number;
  opened_at: string;
  /** Import time of the advisories that opened it; empty where it was there when the image was read. */
  opened_with: string;
  closed_at: string;
  closed_with: string;
}

export interface RegistryEventTable extends Row {
  time: string;
  kind: string;
  subject: string;
  document: string;
}

/** Names by which workloads run images: references, digests, ids. */
export interface ImageUseTable extends Row {
  name: string;
  workload: string;
}

export interface JobTable extends Row {
  id: string;
  kind: JobKind;
  watch: string;
  registry: string;
  repository: string;
  digest: string;
  state: 'queued' | 'running';
  due_at: string;
  /** Back-off: whoever wants it sooner waits too. */
  not_before: string;
  worker: string;
  claimed_at: string;
  held_until: string;
  attempts: number;
}

export interface SensorKeyTable extends Row {
  id: string;
  name: string;
  /** SHA-256 of the secret. */
  hash: string;
  created_at: string;
  /** Empty while it is good. */
  revoked_at: string;
  /** Empty where it names none. */
  cluster: string;
}

export interface SensorTable extends Row {
  /** Id of the key. */
  key: string;
  /** Empty for sources that give no name. */
  sensor: string;
  /** Numbers of stored batches, as ranges. */
  stored: string;
  seen_at: string;
  /** When it last told of anything new. */
  news_at: string;
  skew: number;
  batches: number;
  duplicates: number;
  events: number;
  unknowns: number;
  lost: number;
}

/** What came in and is not joined yet, in order of arrival. */
export interface IngestedTable extends Row {
  id: string;
  /** `IngestDelta`. */
  document: string;
}

export interface ObservationTable extends Row {
  key: string;
  document: string;
}

export interface ReporterTable extends Row {
  name: string;
  document: string;
}

export interface BehaviourTable extends Row {
  subject: string;
  /** Empty where it is of no pod. */
  container: string;
  key: string;
  first_seen: string;
  last_seen: string;
  count: number;
  /** The behaviour, and the first event that showed it. */
  document: string;
}

export interface RuntimeAlertTable extends Row {
  /** Digest of the event: the same one is kept once. */
  id: string;
  time: string;
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
  watches: WatchTable;
  watched_repositories: WatchedRepositoryTable;
  watched_tags: WatchedTagTable;
  known_digests: KnownDigestTable;
  known_images: KnownImageTable;
  image_findings: ImageFindingTable;
  registry_events: RegistryEventTable;
  image_uses: ImageUseTable;
  jobs: JobTable;
  sensor_keys: SensorKeyTable;
  sensors: SensorTable;
  ingested: IngestedTable;
  observations: ObservationTable;
  reporters: ReporterTable;
  behaviours: BehaviourTable;
  runtime_alerts: RuntimeAlertTable;
  behaviour_journal: BehaviourJournalTable;
  behaviour_models: BehaviourModelTable;
  release_facts: ReleaseFactsTable;
  incident_signs: IncidentSignTable;
  incidents: IncidentTable;
  incident_names: IncidentNameTable;
  incident_exceptions: IncidentExceptionTable;
}

export type RowOf<T extends keyof Schema> = Insertable<Schema[T]>;
