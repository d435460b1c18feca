import type { EventIntake } from '@breakwater/app/runtime';
import type { ProgressFeed } from '@breakwater/server';
import { rememberPaths } from '../last-paths.ts';
import { formatPoints } from '../terminal/print-ranking.ts';
import { plain } from '../terminal/style.ts';
import { assessApart } from './assess-apart.ts';
import type { ServeOptions } from './serve-options.ts';

/** Reads the estate into the store, one reading at a time. */
export interface Reader {
  /** Reads now. A reading that fails leaves what the store had, and says so in both places. */
  read(): Promise<void>;
  /** Reads within a while, however often it is asked for. */
  readSoon(): void;
  /** Ends what is planned and waits for what is under way. */
  close(): Promise<void>;
}

/** Milliseconds between events that came in and the reading that takes them into account. */
const PATIENCE = 5_000;

export function openReader(options: ServeOptions, intake: EventIntake, progress: ProgressFeed): Reader {
  let running: Promise<void> = Promise.resolve();
  let planned: NodeJS.Timeout | undefined;
  const read = () => {
    running = running.then(() => readOnce(options, intake, progress));
    return running;
  };
  return {
    read,
    readSoon() {
      planned ??= setTimeout(() => {
        planned = undefined;
        void read();
      }, PATIENCE);
    },
    close() {
      clearTimeout(planned);
      return running;
    },
  };
}

async function readOnce(
  { invocation, store, paths }: ServeOptions,
  intake: EventIntake,
  progress: ProgressFeed,
): Promise<void> {
  const { state, signal } = invocation;
  if (signal.aborted) return;
  try {
    await intake.save();
    const now = new Date().toISOString();
    const request = { paths, state, now, observations: intake.observations(), alerts: intake.alerts() };
    const assessment = await assessApart(request, signal, (step) => progress.report({ message: '', ...step }));
    progress.report({ stage: 'storing', done: 0, total: 0, subject: '', message: '' });
    const { opened, closed, open } = await store.save(assessment);
    await rememberPaths(state, process.cwd(), paths);
    const { ranking } = assessment;
    const message = `${ranking.workloads.length} workloads, expected loss ${formatPoints(ranking.loss)}`;
    progress.report({ stage: 'done', done: 1, total: 1, subject: '', message });
    process.stdout.write(`${message}. ${open} findings open (${opened} new, ${closed} closed).\n`);
  } catch (error) {
    if (signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    progress.report({ stage: 'failed', done: 0, total: 0, subject: '', message });
    process.stderr.write(`The estate could not be read: ${plain(message)}\n`);
  }
}
