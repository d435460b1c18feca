import { advisoryIndexPath } from '@breakwater/app/advisories';
import { inputSignature } from '@breakwater/app/estate';
import type { ProgressFeed } from '@breakwater/server';
import { rememberPaths } from '../last-paths.ts';
import { registryReading } from '../registry-reading.ts';

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
  /** Reads when a file changed since the last reading; true when it did. */
  readIfChanged(): Promise<boolean>;
  /** Ends what is planned and waits for what is under way. */
  close(): Promise<void>;
}

/** Milliseconds between events that came in and the reading that takes them into account. */
const EVENTS_DELAY = 5_000;
/** Milliseconds between two looks at whether files changed. */
const WATCH_INTERVAL = 15_000;

/** A reader for one estate, which also follows changes of its files, and what is new among events. */
export function openReader(options: ServeOptions, progress: ProgressFeed): Reader {
  let running: Promise<void> = Promise.resolve();
  let planned: NodeJS.Timeout | undefined;
  let signature = '';
  // New advisories say something new of the same files.
  const watched = [
    ...options.paths,
    ...options.judging.policies,
    ...options.judging.vex,
    ...options.judging.reports,
    advisoryIndexPath(options.invocation.state),
  ];
  const signatureNow = async () => {
    const newsAt = await options.store.ingest.newsAt().catch(() => '');
    return `${await inputSignature(watched)} ${newsAt}`;
  };
  const read = () => {
    running = running.then(async () => {
      // Taken before the reading: a file that changes meanwhile is read again.
      signature = await signatureNow();
      await readOnce(options, progress);
    });
    return running;
  };
  const readIfChanged = async () => {
    await running;
    if ((await signatureNow()) === signature) return false;
    await read();
    return true;
  };
  const watching = setInterval(() => void readIfChanged(), WATCH_INTERVAL);
  return {
    read,
    readIfChanged,
    readSoon() {
      planned ??= setTimeout(() => {
        planned = undefined;
        void read();
      }, EVENTS_DELAY);
    },
    close() {
      clearTimeout(planned);
      clearInterval(watching);
      return running;
    },
  };
}

async function readOnce(
  { invocation, paths, judging, clusters, profileKey }: ServeOptions,
  progress: ProgressFeed,
): Promise<void> {
  const { state, signal } = invocation;
  if (signal.aborted) return;
  try {
    const now = new Date().toISOString();
    const registry = registryReading(invocation);
    const request = { paths, state, now, clusters, profileKey, registry, ...judging };
    const stored = await assessApart(request, signal, (step) => progress.report({ message: '', ...step }));
    const { opened, closed, open } = stored.changes;
    await rememberPaths(state, process.cwd(), { paths, clusters, ...judging });
    const message = `${stored.workloads} workloads, expected loss ${formatPoints(stored.loss)}`;
    progress.report({ stage: 'done', done: 1, total: 1, subject: '', message });
    process.stdout.write(`${message}. ${open} findings open (${opened} new, ${closed} closed).\n`);
  } catch (error) {
    if (signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    progress.report({ stage: 'failed', done: 0, total: 0, subject: '', message });
    process.stderr.write(`The estate could not be read: ${plain(message)}\n`);
  }
}
