import { Worker } from 'node:worker_threads';
import { UserError } from '@breakwater/model';
import type { Invocation } from '../command.ts';

/** What the thread is given. */
export type AdmissionRoleSetup = Pick<Invocation, 'name' | 'positionals' | 'options' | 'state'>;

/** What the thread says: that it listens, or why it ended. */
export type AdmissionRoleAnswer =
  | { kind: 'listens' }
  | { kind: 'failed'; message: string; code: string; hint?: string };

/** Admission beside everything else of a process. */
export interface AdmissionRole {
  /** Answers what has begun, and ends. */
  close(): Promise<void>;
}

/** Milliseconds before a thread that broke down is started again. */
const REST = 1_000;

/**
 * Listens for reviews on a thread of its own, so that nothing else that the process does holds up an answer; starts it
 * again when it breaks down. Rejects where it cannot listen.
 */
export async function openAdmissionRole({ name, positionals, options, state }: Invocation): Promise<AdmissionRole> {
  let closing = false;
  let again: NodeJS.Timeout | undefined;
  let worker: Worker | undefined;
  let ended: Promise<void> = Promise.resolve();
  const start = (settle: (error?: Error) => void): void => {
    const thread = new Worker(new URL('./admission-thread.ts', import.meta.url), {
      workerData: { name, positionals, options, state } satisfies AdmissionRoleSetup,
      // It only hands reviews on: what is new is cleared away in small parts, each within a millisecond.
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
    });
    worker = thread;
    let hasListened = false;
    thread.on('message', (answer: AdmissionRoleAnswer) => {
      if (answer.kind === 'listens') {
        hasListened = true;
        settle();
      } else {
        const { message, code, hint } = answer;
        settle(new UserError(message, { code, ...(hint !== undefined && { hint }) }));
      }
    });
    thread.on('error', (error) => {
      console.error(error);
      settle(error as Error);
    });
    ended = new Promise((resolve) => {
      thread.on('exit', () => {
        if (!closing && hasListened) again = setTimeout(start, REST, () => {});
        resolve();
      });
    });
  };
  await new Promise<void>((resolve, reject) => {
    start((error) => (error === undefined ? resolve() : reject(error)));
  });
  return {
    close() {
      closing = true;
      clearTimeout(again);
      worker?.postMessage('stop');
      return ended;
    },
  };
}
