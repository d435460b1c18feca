import { EXIT, type Invocation } from '../command.ts';
import { plain } from '../terminal/style.ts';
import { ingestSettings } from './ingest-options.ts';
import { openIngestService } from './open-ingest-service.ts';

/** `up --roles ingest`: takes events and nothing else, until Ctrl-C. What judges them reads them from the store. */
export async function serveIngest(invocation: Invocation): Promise<number> {
  const service = await openIngestService(ingestSettings(invocation, true));
  process.stdout.write(`Events are taken at ${plain(service.address ?? '')}/api/v1/events. Ctrl-C ends it.\n`);
  await untilStopped(invocation.signal);
  await service.close();
  return EXIT.passed;
}

function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
