import { Worker } from 'node:worker_threads';
import { readStatus } from '@breakwater/app/advisories';
import { stampOf } from '@breakwater/app/registries';
import type { RegistryService } from '@breakwater/server';
import { notificationToken } from '../notification-token.ts';
import { plain } from '../terminal/style.ts';
import { type KeptThread, keepRunning } from './keep-running.ts';
import type { ServeOptions } from './serve-options.ts';
import type { WatchAnswer, WatchRequest } from './watch-worker.ts';

/** The watching of registries beside a server. */
export interface Registries {
  service: RegistryService;
  /** Watches from now on, where there is something to watch. */
  start(): void;
  close(): Promise<void>;
}

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
  let watching: KeptThread | undefined;
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

/** Watches on a thread of its own, so that reading and judging never hold up the server. */
function watch(request: WatchRequest, onUsedImage: () => void): KeptThread {
  return keepRunning(
    () => new Worker(new URL('./watch-worker.ts', import.meta.url), { workerData: request }),
    (answer: WatchAnswer) => {
      if (answer.kind === 'line') process.stderr.write(`${plain(answer.line)}\n`);
      else onUsedImage();
    },
  );
}
