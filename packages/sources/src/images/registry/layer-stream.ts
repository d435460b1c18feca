import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { RegistryClient } from './registry-client.ts';

/** Bytes on their way between the registry and the parser, for each layer that is read. */
const IN_FLIGHT = 1024 * 1024;
/** Broken connections after which a blob is given up. */
const MOST_BREAKS = 5;

/** A blob that is to be downloaded. */
export interface LayerDownload {
  digest: string;
  size: number;
  /** Longest silence, in milliseconds. */
  silence: number;
  /** Milliseconds to wait after the first broken connection. */
  firstWait: number;
  /** Waits until it is this layer's turn; calls back what to do at its end. */
  turn: () => Promise<() => void>;
  /** Called once where the blob could not be had whole. */
  onFailure: (error: unknown) => void;
}

/**
 * The bytes of a blob, as many as its descriptor says and not one more. A broken connection is taken up again where it
 * broke. Never errors: a blob that cannot be had ends early, which its digest shows, and the failure is told.
 */
export function streamLayer(client: RegistryClient, layer: LayerDownload): Readable {
  return Readable.from(downloadLayer(client, layer), { objectMode: false, highWaterMark: IN_FLIGHT });
}

async function* downloadLayer(client: RegistryClient, layer: LayerDownload): AsyncGenerator<Buffer> {
  const { digest, size, onFailure, firstWait } = layer;
  const release = await layer.turn();
  let at = 0;
  try {
    for (let breaks = 0; at < size || size === 0; ) {
      try {
        for await (const chunk of readFrom(client, digest, at, layer.silence)) {
          const left = size - at;
          at += Math.min(chunk.length, left);
          if (left > 0) yield chunk.subarray(0, left);
          if (chunk.length > left) throw new BlobTooLarge(size);
        }
        if (at < size) throw new Error(`the connection ended after ${at} of ${size} bytes`);
        return;
      } catch (error) {
        breaks += 1;
        if (error instanceof BlobTooLarge || breaks > MOST_BREAKS || isFinal(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, firstWait * 2 ** (breaks - 1)));
      }
    }
  } catch (error) {
    onFailure(error);
  } finally {
    release();
  }
}

class BlobTooLarge extends Error {
  constructor(size: number) {
    super(`it has more than the ${size} bytes that its manifest says`);
  }
}

/** What asking again does not change: the registry was asked again often enough below. */
function isFinal(error: unknown): boolean {
  return ['UserError', 'UpstreamError', 'AbortError'].includes((error as Error).name);
}

async function* readFrom(
  client: RegistryClient,
  digest: string,
  offset: number,
  silence: number,
): AsyncGenerator<Buffer> {
  const response = await client.open(digest, offset);
  let skip = offset > 0 && !startsAt(response, offset) ? offset : 0;
  const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(() => response.destroy(new Error('the server fell silent')), silence);
      const { done, value } = await chunks.next().finally(() => clearTimeout(timer));
      if (done) return;
      if (skip < value.length) yield skip === 0 ? value : value.subarray(skip);
      skip = Math.max(0, skip - value.length);
    }
  } finally {
    response.destroy();
  }
}

function startsAt({ statusCode, headers }: IncomingMessage, offset: number): boolean {
  return statusCode === 206 && headers['content-range']?.startsWith(`bytes ${offset}-`) === true;
}
