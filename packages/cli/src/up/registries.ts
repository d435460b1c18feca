import { Worker } from 'node:worker_threads';
import { readStatus } from '@breakwater/app/advisories';
import { stampOf } from '@breakwater/app/registries';
import type { RegistryService } from '@breakwater/server';
import { notificationToken } from '../notification-token.ts';
import { plain } from '../terminal/style.ts';
import type { ServeOptions } from './serve-options.ts';
import type { WatchAnswer, WatchRequest } from './watch-worker.ts';

/** The watching of registries beside a server. */
export interface Registries {
  service: RegistryService;
  /** Watches from now on, where there is something to watch. */
  start(): void;
  close(): Promise<void>;
}

/** Milliseconds before a watcher that broke down is started again. */
const REST = 30_000;

/** Writes what is named from now on into the store. `onUsedImage` is told when an image of the estate became known. */
export async function openRegistries(
  { invocation, store, judging, scopes }: ServeOptions,
  onUsedImage: () => void,
): Promise<Registries> {
  const { state } = invocation;
  const now = () => new Date().toISOString();
  for (const scope of scopes) await store.registries.watch(scope, now());
  const watched = await store.registries.scopes();
  const service: RegistryService = {
    view: store.registries,
    advisories: () => stampOf(readStatus(state)),
    now,
    notificationToken: await notificationToken(state),
  };
  let watching: Watching | undefined;
  return {
    service,
    start() {
      if (watched.length === 0) return;
      process.stdout.write(`Watching ${watched.map(({ name }) => plain(name)).join(', ')}.\n`);
      watching = watch({ state, judging }, onUsedImage);
    },
    close: async () => await watching?.close(),
  };
}

interface Watching {
  close(): Promise<void>;
}

/** Watches on a thread of its own, so that reading and judging never hold up the server. Starts again after a breakdown. */
function watch(request: WatchRequest, onUsedImage: () => void): Watching {
  let closing = false;
  let again: NodeJS.Timeout | undefined;
  let ended: Promise<void>;
  let worker: Worker;
  const start = () => {
    worker = new Worker(new URL('./watch-worker.ts', import.meta.url), { workerData: request });
    worker.on('message', (answer: WatchAnswer) => {
      if (answer.kind === 'line') process.stderr.write(`${plain(answer.line)}\n`);
      else onUsedImage();
    });
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
