import type { AdvisoryStatus, Unknown } from '@breakwater/model';

/** What an import did with one file or address. */
export interface ImportedSource {
  /** Path or URL. */
  source: string;
  advisories: number;
  knownExploited: number;
  epssScores: number;
  /** Records that broke their schema. */
  rejected: number;
}

/** What an import did. `unknowns` names at most 100 records a source; `rejected` counts them all. */
export interface ImportReport {
  status: AdvisoryStatus;
  sources: ImportedSource[];
  unknowns: Unknown[];
  /** What was left out on purpose, as sentences. */
  notes: string[];
}

/** How far an import is. */
export interface ImportProgress {
  source: string;
  /** Records taken so far, over all sources. */
  records: number;
}
