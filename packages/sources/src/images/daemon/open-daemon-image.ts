import { Readable } from 'node:stream';
import type { Unknown } from '@breakwater/model';
import type { OpenedTarget } from '../open-target.ts';
import type { DaemonClient } from './daemon-client.ts';
import type { DaemonImage } from './find-image.ts';

/**
 * Opens an image of an engine for the parser behind the wall: the engine's export, as it comes. Nothing is written to a
 * disk here. The digests of its manifests are the engine's word: an export holds none.
 */
export async function openDaemonImage({ client, path, digests }: DaemonImage, target: string): Promise<OpenedTarget> {
  const export_ = await openExport(client, `/images/${path}/get`, target);
  return { ...export_, opened: { kind: 'export', source: client.engine }, indexes: digests };
}

/** An export as a stream that ends early where the engine fails, which is told. */
export async function openExport(
  client: DaemonClient,
  path: string,
  target: string,
): Promise<Omit<OpenedTarget, 'opened'>> {
  const response = await client.open(path);
  const unknowns: Unknown[] = [];
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      yield* response as AsyncIterable<Buffer>;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `The engine stopped before its export was whole: ${why}`;
      unknowns.push({ code: 'export-broken', message, place: { source: target }, hint: 'try again' });
    }
  }
  const stream = Readable.from(chunks(), { objectMode: false });
  const close = async (): Promise<void> => {
    stream.destroy();
    response.destroy();
  };
  return { files: [stream], unknowns, close };
}
