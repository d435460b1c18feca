import type { Worker } from 'node:worker_threads';

/** Milliseconds before a thread that broke down is started again. */
const REST = 30_000;

/** A thread that goes on until it is closed. */
export interface KeptThread {
  close(): Promise<void>;
}

/**
 * Starts a thread, and again after a breakdown. `take` is given what it says; a thread that hears `stop` ends. The caller
 * makes the thread, for its address must stand beside `new Worker` where a bundle is to find it.
 */
export function keepRunning<Answer>(make: () => Worker, take: (answer: Answer) => void): KeptThread {
  let closing = false;
  let again: NodeJS.Timeout | undefined;
  let ended: Promise<void>;
  let worker: Worker;
  const start = () => {
    worker = make();
    worker.on('message', take);
    worker.on('error', (error) => console.error(error));
    ended = new Promise((resolve) => {
      worker.on('exit', () => {
        if (!closing) again = setTimeout(start, REST);
        resolve();
      });
    });
  };
  start();
  return {
    close() {
      closing = true;
      clearTimeout(again);
      worker.postMessage('stop');
      return ended;
    },
  };
}
