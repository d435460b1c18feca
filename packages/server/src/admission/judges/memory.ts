import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MEBIBYTE = 1024 * 1024;
/** What the process needs beside its threads, and what two threads need beside what lives long in them. */
const BESIDE = 160;
const LEAST = 96;
const MOST = 2_048;
const SHARE = 0.8;

/**
 * How much may live long in each thread, in MiB, so that all of them fit in what the process is allowed: a thread that
 * needs more is ended alone, where the process would be ended as a whole.
 */
export function memoryOfThread(threads: number, allowed = process.constrainedMemory()): number {
  const limit = allowed > 0 && allowed < Number.MAX_SAFE_INTEGER ? allowed / MEBIBYTE : Number.POSITIVE_INFINITY;
  return Math.max(LEAST, Math.min(MOST, Math.floor(((limit - BESIDE) * SHARE) / threads)));
}

/** For what is new, in MiB: enough that hardly a review is still being judged when it is full for the second time. */
export const YOUNG_MEMORY = 24;

/** Names a third of what is new; where the process has it, it counts before what a thread is given. */
const YOUNG_FLAG = '--max-semi-space-size';

/**
 * Gives threads that are started from now on their share of what is new, also where the process was started with less for
 * the one that listens.
 */
export function giveRoomToThreads(flags: readonly string[] = process.execArgv): void {
  if (flags.some((flag) => flag.startsWith(YOUNG_FLAG))) setFlagsFromString(`${YOUNG_FLAG}=${YOUNG_MEMORY / 3}`);
}

/**
 * Has what is new cleared away by the thread that made it: reviews leave nearly nothing behind, which one looks through in
 * a quarter of a millisecond, and several threads wait for each other where processors are busy. Counts for the process.
 */
export const collectAlone = (): void => setFlagsFromString('--no-parallel-scavenge');

let collect: (() => void) | undefined;

/** Gives back what is no longer needed, now: where nobody waits for this thread. */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
