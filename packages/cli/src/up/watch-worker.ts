import { parentPort, workerData } from 'node:worker_threads';
import { watchRegistries } from '@breakwater/app/registries';
import { openEstateStore } from './open-estate-store.ts';

/** What the worker is given. */
export interface WatchRequest {
  state: string;
  policies: string[];
  vex: string[];
}

/** What the worker sends: a line for the operator, or that an image of the estate became known. */
export type WatchAnswer = { kind: 'line'; line: string } | { kind: 'used-image' };

const answer = (message: WatchAnswer) => parentPort?.postMessage(message);
const stop = new AbortController();
parentPort?.on('message', () => stop.abort());

const { state, policies, vex } = workerData as WatchRequest;
const store = await openEstateStore(state);
try {
  await watchRegistries({
    store: store.registries,
    state,
    policies,
    vex,
    signal: stop.signal,
    report: (line) => answer({ kind: 'line', line }),
    onUsedImage: () => answer({ kind: 'used-image' }),
  });
} finally {
  await store.close();
  parentPort?.close();
}
