import { Worker } from 'node:worker_threads';
import type { FindingChanges } from '@breakwater/app/assessment';
import type { Judging, ReadProgress } from '@breakwater/app/estate';
import { UserError } from '@breakwater/model';
import type { RegistryOptions } from '@breakwater/sources/images';
import type { ClusterReading } from '../cluster-options.ts';

/** What the worker is given. */
export interface WorkerRequest extends Judging {
  paths: string[];
  state: string;
  now: string;
  /** How clusters among the paths are found and read; those that are followed are not asked again. */
  clusters: ClusterReading;
  /** File of the key with which profiles are signed that images carry. */
  profileKey?: string | undefined;
  /** How registries of images among the paths are asked. */
  registry?: RegistryOptions | undefined;
}

/** What was judged and stored. */
export interface StoredAssessment {
  workloads: number;
  loss: number;
  changes: FindingChanges;
}

/** What the worker sends, any number of `progress` before one of the others. */
export type WorkerAnswer =
  | { kind: 'progress'; progress: ReadProgress }
  | { kind: 'storing' }
  | { kind: 'done'; stored: StoredAssessment }
  | { kind: 'failed'; message: string; code?: string; hint?: string };

/** Reads, judges and stores an estate on a thread of its own, so that the server goes on answering. Rejects when it fails or is stopped. */
export function assessApart(
  request: WorkerRequest,
  signal: AbortSignal,
  onProgress: (progress: ReadProgress | { stage: 'storing'; done: number; total: number; subject: string }) => void,
): Promise<StoredAssessment> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./assess-worker.ts', import.meta.url), { workerData: request });
    const stop = () => worker.postMessage('stop');
    signal.addEventListener('abort', stop, { once: true });
    worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'progress') onProgress(answer.progress);
      else if (answer.kind === 'storing') onProgress({ stage: 'storing', done: 0, total: 0, subject: '' });
      else if (answer.kind === 'done') resolve(answer.stored);
      else
        reject(
          new UserError(answer.message, {
            code: answer.code ?? 'reading-failed',
            ...(answer.hint ? { hint: answer.hint } : {}),
          }),
        );
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new UserError('The reading ended early.', { code: 'reading-ended' }));
    });
  });
}
