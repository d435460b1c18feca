import { parentPort, workerData } from 'node:worker_threads';
import type { Judging } from '@breakwater/app/estate';
import { watchRegistries } from '@breakwater/app/registries';
import { openEstateStore } from './open-estate-store.ts';

/** What the worker is given. */
export interface WatchRequest {
  state: string;
  judging: Judging;
}

/** What the worker sends: a line for the operator, or that an image of the estate became known. */
export type WatchAnswer = { kind: 'line'; line: string } | { kind: 'used-image' };

const answer = (message: WatchAnswer) => parentPort?.postMessage(message);

/* Not awaited at the top: of a bundle, parts that are loaded later may lie in this very file, and would wait for it. */
void watch(workerData as WatchRequest).finally(() => parentPort?.close());

async function watch({ state, judging }: WatchRequest): Promise<void> {
  const stop = new AbortController();
  parentPort?.on('message', () => stop.abort());
  const store = await openEstateStore(state);
  try {
    await watchRegistries({
      store: store.registries,
      state,
      judging,
      signal: stop.signal,
      report: (line) => answer({ kind: 'line', line }),
      onUsedImage: () => answer({ kind: 'used-image' }),
    });
  } finally {
    await store.close();
  }
}
