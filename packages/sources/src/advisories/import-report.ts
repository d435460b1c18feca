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
  /** What became of the packages that its records name: `named` is the sum of `added`, `repeated`, `older` and `nameless`. */
  rows: RowCounts;
}

/** The account of an import's rows: nothing that a record says of a package is lost without a number here. */
export interface RowCounts {
  /** Entries of `affected`, or names of products, in the records that were taken. */
  named: number;
  /** Rows in the index. */
  added: number;
  /** Said twice by one record, or by a record of which a newer or equal one was taken. */
  repeated: number;
  older: number;
  /** Names without a package: repositories known by commits only, devices, programs of other systems than Linux. */
  nameless: number;
  /** Ranges of a type that is not read; their rows stand without them. */
  unreadRanges: number;
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
