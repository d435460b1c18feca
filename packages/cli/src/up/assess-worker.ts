import { parentPort, workerData } from 'node:worker_threads';
import { assessPaths } from '@breakwater/app/estate';
import type { WorkerAnswer, WorkerRequest } from './assess-apart.ts';

const { paths, ...request } = workerData as WorkerRequest;
const stop = new AbortController();
const answer = (message: WorkerAnswer) => parentPort?.postMessage(message);

parentPort?.on('message', () => stop.abort());
try {
  const assessment = await assessPaths(paths, {
    ...request,
    signal: stop.signal,
    onProgress: (progress) => answer({ kind: 'progress', progress }),
  });
  answer({ kind: 'done', assessment });
} catch (error) {
  const { message, code, hint } = error as Error & { code?: string; hint?: string };
  answer({ kind: 'failed', message, ...(code ? { code } : {}), ...(hint ? { hint } : {}) });
}
parentPort?.close();
