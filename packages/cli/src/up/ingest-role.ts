import { Worker } from 'node:worker_threads';
import type { IngestReceipt } from '@breakwater/app/ingest';
import { UpstreamError, UserError } from '@breakwater/model';
import type { EventsAnswer, EventsRequest } from '@breakwater/server/ingest';
import type { IngestSettings } from '../ingest/ingest-options.ts';

/** What the thread is asked. */
export type IngestThreadRequest =
  | { kind: 'events'; id: number; request: EventsRequest }
  | { kind: 'own'; id: number; text: string; sender: string }
  | { kind: 'stop' };

/** What the thread says: that it is ready, why it is not, or an answer to what it was asked. */
export type IngestThreadAnswer =
  | { kind: 'ready'; address: string | undefined }
  | { kind: 'failed'; message: string; code: string; hint?: string }
  | { kind: 'answer'; id: number; value: EventsAnswer | IngestReceipt }
  | { kind: 'error'; id: number; message: string };

/** Ingest beside everything else of a process. */
export interface IngestRole {
  /** Where it listens for others; undefined where it does not. */
  address: string | undefined;
  answer(request: EventsRequest): Promise<EventsAnswer>;
  takeOwn(text: string, sender: string): Promise<IngestReceipt>;
  close(): Promise<void>;
}

interface Asked {
  resolve(value: EventsAnswer | IngestReceipt): void;
  reject(error: Error): void;
}

/** Takes events on a thread of its own: a flood of them holds up nothing else that the process answers. */
export async function openIngestRole(settings: IngestSettings): Promise<IngestRole> {
  const thread = new Worker(new URL('./ingest-thread.ts', import.meta.url), {
    workerData: settings,
    // Batches are short-lived: a larger nursery only takes memory.
    resourceLimits: { maxYoungGenerationSizeMb: 48 },
  });
  const asked = new Map<number, Asked>();
  let last = 0;
  const fail = (message: string): void => {
    for (const { reject } of asked.values()) reject(new UpstreamError(message, { code: 'ingest-ended' }));
    asked.clear();
  };
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  thread.once('exit', () => fail('What takes events has ended.'));
  const ask = (request: (id: number) => IngestThreadRequest): Promise<EventsAnswer | IngestReceipt> => {
    last += 1;
    const id = last;
    return new Promise((resolve, reject) => {
      asked.set(id, { resolve, reject });
      thread.postMessage(request(id));
    });
  };
  const address = await new Promise<string | undefined>((resolve, reject) => {
    thread.once('error', reject);
    thread.on('message', (answer: IngestThreadAnswer) => {
      if (answer.kind === 'ready') resolve(answer.address);
      else if (answer.kind === 'failed') {
        const { message, code, hint } = answer;
        reject(new UserError(message, { code, ...(hint !== undefined && { hint }) }));
      } else {
        const waiting = asked.get(answer.id);
        asked.delete(answer.id);
        if (answer.kind === 'answer') waiting?.resolve(answer.value);
        else waiting?.reject(new UpstreamError(answer.message, { code: 'ingest-failed' }));
      }
    });
  });
  thread.on('error', (error) => console.error(error));
  return {
    address,
    answer: (request) => ask((id) => ({ kind: 'events', id, request })) as Promise<EventsAnswer>,
    takeOwn: (text, sender) => ask((id) => ({ kind: 'own', id, text, sender })) as Promise<IngestReceipt>,
    close() {
      thread.postMessage({ kind: 'stop' } satisfies IngestThreadRequest);
      return ended;
    },
  };
}
