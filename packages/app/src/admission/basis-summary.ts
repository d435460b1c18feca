import type { Unknown } from '@breakwater/model';
import type { AdmissionBasis, WatchedKind } from './basis.ts';

/** What those need to know of a basis who do not judge by it. */
export interface BasisSummary {
  version: string;
  time: string | undefined;
  cluster: string;
  watched: readonly WatchedKind[];
  /** Faults in policies, exceptions and settings. */
  unknowns: readonly Unknown[];
}

const MOST_FAULTS = 1_000;

export const summarizeBasis = ({ version, time, cluster, watched, unknowns }: AdmissionBasis): BasisSummary => ({
  version,
  time,
  cluster,
  watched,
  unknowns: unknowns.slice(0, MOST_FAULTS),
});
