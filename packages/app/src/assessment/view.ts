import type {
  Finding,
  FindingPage,
  ImagePage,
  ListQuery,
  PolicySummary,
  Ranking,
  Summary,
  Unknown,
  WorkloadPage,
} from '@breakwater/model';
import type { AssessedImage, AssessedWorkload, Assessment, PreparedFix } from './assessment.ts';

/** What can be asked of the newest assessment. Lookups give undefined for ids that it does not hold. */
export interface AssessmentView {
  summary(): Promise<Summary | undefined>;
  ranking(): Promise<Ranking | undefined>;
  workloads(query: ListQuery): Promise<WorkloadPage>;
  workload(id: string): Promise<AssessedWorkload | undefined>;
  images(query: ListQuery): Promise<ImagePage>;
  image(id: string): Promise<AssessedImage | undefined>;
  /** Open findings, those that matter first, then by severity. */
  findings(query: ListQuery & FindingScope): Promise<FindingPage>;
  finding(key: string): Promise<Finding | undefined>;
  fixes(): Promise<PreparedFix[]>;
  fix(n: number): Promise<PreparedFix | undefined>;
  unknowns(): Promise<Unknown[]>;
  policies(): Promise<PolicySummary[]>;
}

/** Narrows findings to one subject or one rule. */
export interface FindingScope {
  workload?: string;
  image?: string;
  /** Policy, vulnerability or rule of a runtime source, spelled exactly. */
  rule?: string;
}

/** Keeps assessments: findings open once, are followed, and close by themselves. Bound to one tenant. */
export interface AssessmentStore extends AssessmentView {
  readonly kind: 'sqlite' | 'postgresql';
  save(assessment: Assessment): Promise<FindingChanges>;
  /** Paths of the newest assessment. */
  paths(): Promise<string[]>;
  /** A named piece of state, such as a workload's observation, as JSON. */
  readDocument(kind: string, name: string): Promise<unknown>;
  writeDocument(kind: string, name: string, document: unknown): Promise<void>;
  close(): Promise<void>;
}

/** What an assessment changed among findings. */
export interface FindingChanges {
  opened: number;
  closed: number;
  open: number;
}
