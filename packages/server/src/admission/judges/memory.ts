import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MEBIBYTE = 1024 * 1024;
/** What the process needs beside its threads, and what a thread needs beside what lives long in it. */
const BESIDE = 96;
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

/** For what is new, in MiB: reviews leave nothing behind, so less than V8's own is enough. */
export const YOUNG_MEMORY = 12;

let collect: (() => void) | undefined;

/** Gives back what is no longer needed, now: where nobody waits for this thread. */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
