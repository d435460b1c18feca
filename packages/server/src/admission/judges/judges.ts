import {
  type AdmissionSettings,
  type AdmissionSources,
  type BasisSummary,
  keepFaults,
  type LastGood,
  snapshotOf,
} from '@breakwater/app/admission';
import { inputSignature } from '@breakwater/app/estate';
import { judgeKnowing, type LookUp } from './judge-knowing.ts';
import { collectAlone, giveRoomToThreads, memoryOfThread } from './memory.ts';
import type { FoundReview, Opened } from './messages.ts';
import { openPool } from './pool.ts';
import { faultText, tellFaults } from './tell-faults.ts';

/** Judges reviews on threads of their own, by files that are followed. */
export interface Judges {
  /** What is judged by now. */
  current(): BasisSummary;
  /** Why the newest files are not in force, where they are not. */
  trouble(): string | undefined;
  /** Undefined where too many large ones wait. Rejects with a short reason where it could not be judged. */
  judge(body: Buffer): BeingJudged | undefined;
  /** Looks now whether files changed; true where something else is in force. */
  look(): Promise<boolean>;
  /** Settled when every thread was ready once: until then large reviews hold up small ones. */
  whole: Promise<void>;
  close(): Promise<void>;
}

/** A review that is being judged. */
export interface BeingJudged {
  found: Promise<FoundReview>;
  /** Nobody waits for it any more. */
  giveUp(): void;
}

export interface JudgesOptions {
  sources: AdmissionSources;
  settings: AdmissionSettings;
  /** Asks the API server what the snapshot does not hold; without it that stays undecided. */
  lookUp?: LookUp | undefined;
  /** Told of each change of what is judged by. */
  onChange?(summary: BasisSummary): void;
  /** Takes what the operator should read. */
  report(message: string): void;
  /** 2 by default: one answers while the other is at a large review, or opens files. */
  threads?: number;
  /** Of what lives long in each of them, in MiB; by what the process is allowed where it is not said. */
  memory?: number;
  /** Bytes of a review from which it counts as large. */
  aside?: number;
  /** Large ones that may wait. */
  large?: number;
}

/** Milliseconds between two looks at the files. */
const INTERVAL = 2_000;

/**
 * Opens what reviews are judged by, and opens it anew when files change: on one thread after the other, so that there
 * is always one that answers. What cannot be used leaves in force what was. Throws UserError where nothing can be opened.
 */
export async function openJudges(options: JudgesOptions): Promise<Judges> {
  const { sources, settings, lookUp, report, onChange, threads = 2, aside = 64 * 1024, large = 16 } = options;
  const { memory = memoryOfThread(threads) } = options;
  collectAlone();
  giveRoomToThreads();
  const files = [snapshotOf(sources), ...sources.policies];
  const tell = tellFaults(report);
  let signature = await inputSignature(files);
  let current: BasisSummary | undefined;
  let lastGood: LastGood | undefined;
  let trouble: string | undefined;
  let largeNow = 0;

  const take = (opened: Opened): void => {
    ({ summary: current, lastGood, trouble } = opened);
    if (trouble !== undefined) report(trouble);
    tell(current.unknowns);
    keepFaults(sources.state, current.unknowns.map(faultText)).catch(() => {});
  };
  const pool = openPool(() => ({ sources, settings, asks: lookUp !== undefined, lastGood }), { threads, memory }, take);
  try {
    take(await pool.start());
  } catch (error) {
    await pool.close();
    throw error;
  }

  const reopen = async (): Promise<boolean> => {
    const newest = await inputSignature(files);
    if (newest === signature) return false;
    signature = newest;
    try {
      take(await pool.open(lastGood));
      onChange?.(current as BasisSummary);
      return true;
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
      report(`What was in force stays in force: ${trouble}`);
      return false;
    }
  };
  let looking: Promise<boolean> | undefined;
  const look = () => {
    looking ??= reopen().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const timer = setInterval(() => void look(), INTERVAL);

  return {
    current: () => current as BasisSummary,
    trouble: () => trouble,
    look,
    whole: pool.whole,
    judge(bytes) {
      const isLarge = bytes.length > aside;
      if (isLarge && largeNow >= large) return undefined;
      const body = bytes.toString('utf8');
      let giveUp = () => {};
      const judge = (answers: Parameters<typeof pool.judge>[0]['answers']) => {
        const begun = pool.judge({ body, answers, isLarge });
        giveUp = begun.giveUp;
        return begun.found;
      };
      const found = lookUp === undefined ? judge(undefined) : judgeKnowing(judge, lookUp);
      if (!isLarge) return { found, giveUp: () => giveUp() };
      largeNow++;
      return { found: found.finally(() => largeNow--), giveUp: () => giveUp() };
    },
    async close() {
      clearInterval(timer);
      await pool.close();
    },
  };
}
