import type { Unknown } from '@breakwater/model';
import { inputSignature } from '../estate/input-signature.ts';
import type { AdmissionBasis } from './basis.ts';
import { type AdmissionSources, openAdmission, openAdmissionFrom, snapshotOf } from './open-admission.ts';
import { warmUp } from './warm-up.ts';

/** What requests are judged by, kept up to date. */
export interface FollowedAdmission {
  current(): AdmissionBasis;
  /** Why the newest files are not in force, where they are not. */
  trouble(): string | undefined;
  /** Looks now whether files changed; true where something else is in force. */
  look(): Promise<boolean>;
  close(): void;
}

/** Milliseconds between two looks at the files. */
const INTERVAL = 2_000;

/**
 * Opens what requests are judged by, and opens it anew when files change. What cannot be used leaves what was in force
 * before; at the start a damaged snapshot leaves our policies and those of the given paths.
 */
export async function followAdmission(
  sources: AdmissionSources,
  now: () => string,
  onChange: (basis: AdmissionBasis) => void,
  report: (message: string) => void,
): Promise<FollowedAdmission> {
  const files = [snapshotOf(sources), ...sources.policies];
  let signature = await inputSignature(files);
  let trouble: string | undefined;
  let current = await openAdmission(sources, now()).catch(async (error: Error) => {
    trouble = error.message;
    report(error.message);
    return withTrouble(await openAdmissionFrom(undefined, sources, now()), error.message);
  });
  warmUp(current, now());
  let looking: Promise<boolean> | undefined;
  const reopen = async () => {
    const newest = await inputSignature(files);
    if (newest === signature) return false;
    signature = newest;
    try {
      const opened = await openAdmission(sources, now());
      warmUp(opened, now());
      current = opened;
      trouble = undefined;
      onChange(current);
      return true;
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
      report(`What was in force stays in force: ${trouble}`);
      return false;
    }
  };
  const look = () => {
    looking ??= reopen().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const timer = setInterval(() => void look(), INTERVAL);
  return { current: () => current, trouble: () => trouble, look, close: () => clearInterval(timer) };
}

function withTrouble(basis: AdmissionBasis, message: string): AdmissionBasis {
  const unknown: Unknown = { code: 'snapshot-damaged', message, place: { source: 'admission/snapshot.json' } };
  return { ...basis, unknowns: [...basis.unknowns, unknown] };
}
