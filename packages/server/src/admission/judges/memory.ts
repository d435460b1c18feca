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

/**
 * For what is new, in MiB. With a quarter of it reviews that were still being judged were taken for what lives long, and
 * clearing them away held up others: at 500 reviews a second one in a hundred waited 21 to 36 ms instead of 9.
 */
export const YOUNG_MEMORY = 48;

let collect: (() => void) | undefined;

/** Gives back what is no longer needed, now: where nobody waits for this thread. */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
