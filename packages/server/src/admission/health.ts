import type { BasisSummary } from '@breakwater/app/admission';
import { faultText } from './judges/tell-faults.ts';

/** What `/healthz` shows: enough to see whether what is answered is up to date. */
export interface AdmissionHealth {
  status: 'ok' | 'degraded';
  /** What is wrong, each as a sentence. */
  troubles: string[];
  /** Null while none was ever there: what is known of images, namespaces, pods and exposure is undecided then. */
  snapshot: { version: string; time: string; ageSeconds: number } | null;
  /** Faults in policies, exceptions and settings; each is among the troubles with its file and line. */
  unusable: number;
  certificateUntil?: string;
  pending: number;
}

/** Facts of the moment that health is told from. */
export interface HealthFacts {
  basis: BasisSummary;
  trouble: string | undefined;
  certificateUntil: Date | undefined;
  pending: number;
  /** Milliseconds after which a snapshot counts as old. */
  oldAfter: number;
  /** Cluster that is meant, where one was named. */
  clusterWanted: string | undefined;
  now: Date;
}

/** Days before its end from which a certificate that nobody renewed is told of. */
const SOON = 14;
const DAY = 86_400_000;
const MOST_FAULTS = 20;

function daysOf(milliseconds: number): string {
  const days = Math.ceil(milliseconds / DAY);
  return days === 1 ? '1 day' : `${days} days`;
}

/** Tells how admission is. It answers all the same: an old snapshot is better than none. */
export function describeHealth({
  basis,
  trouble,
  certificateUntil,
  pending,
  oldAfter,
  clusterWanted,
  now,
}: HealthFacts): AdmissionHealth {
  const troubles: string[] = trouble === undefined ? [] : [trouble];
  const age = basis.time === undefined ? undefined : now.getTime() - Date.parse(basis.time);
  if (age !== undefined && age > oldAfter) troubles.push(`The snapshot is ${Math.round(age / 60_000)} minutes old.`);
  if (clusterWanted !== undefined && basis.time !== undefined && clusterWanted !== basis.cluster)
    troubles.push(`The snapshot is of the cluster ${basis.cluster}, not of ${clusterWanted}.`);
  troubles.push(...basis.unknowns.slice(0, MOST_FAULTS).map(faultText));
  if (basis.unknowns.length > MOST_FAULTS) troubles.push(`and ${basis.unknowns.length - MOST_FAULTS} more faults`);
  const left = certificateUntil === undefined ? undefined : certificateUntil.getTime() - now.getTime();
  if (left !== undefined && left < SOON * DAY) {
    troubles.push(left <= 0 ? 'The certificate is past its end.' : `The certificate ends in ${daysOf(left)}.`);
  }
  return {
    status: troubles.length === 0 ? 'ok' : 'degraded',
    troubles,
    snapshot:
      age === undefined
        ? null
        : { version: basis.version, time: String(basis.time), ageSeconds: Math.round(age / 1000) },
    unusable: basis.unknowns.length,
    ...(certificateUntil && { certificateUntil: certificateUntil.toISOString() }),
    pending,
  };
}
