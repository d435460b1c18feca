import { parentPort, workerData } from 'node:worker_threads';
import type { IngestSettings } from '../ingest/ingest-options.ts';
import { type IngestService, openIngestService } from '../ingest/open-ingest-service.ts';
import type { IngestThreadAnswer, IngestThreadRequest } from './ingest-role.ts';

const say = (answer: IngestThreadAnswer): void => parentPort?.postMessage(answer);

/* Not awaited at the top: of a bundle, parts that are loaded later may lie in this very file, and would wait for it. */
void serve(workerData as IngestSettings);

async function serve(settings: IngestSettings): Promise<void> {
  try {
    const service = await openIngestService(settings);
    parentPort?.on('message', (request: IngestThreadRequest) => void answer(service, request));
    say({ kind: 'ready', address: service.address });
  } catch (error) {
    const { message, code = 'ingest-failed', hint } = error as Error & { code?: string; hint?: string };
    say({ kind: 'failed', message, code, ...(hint !== undefined && { hint }) });
    parentPort?.close();
  }
}

async function answer(service: IngestService, request: IngestThreadRequest): Promise<void> {
  if (request.kind === 'stop') {
    await service.close();
    parentPort?.close();
    return;
  }
  const { id } = request;
  try {
    const value =
      request.kind === 'events'
        ? await service.answer(request.request)
        : await service.takeOwn(request.text, request.sender);
    say({ kind: 'answer', id, value });
  } catch (error) {
    say({ kind: 'error', id, message: error instanceof Error ? error.message : String(error) });
  }
}
