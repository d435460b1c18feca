import type { IncomingMessage } from 'node:http';

/** How taking a body ends: with all of it, or with its beginning and why there is no more. */
export type TakenBody = { bytes: Buffer } | { fault: 'too-large' | 'busy' | 'aborted'; start: Buffer | undefined };

/** Room for bodies that are in memory at once. */
export interface Room {
  used: number;
  readonly limit: number;
}

/**
 * Takes the body of a request into memory, up to a limit and as long as there is room. `done` is called once; where it is
 * told of a fault the rest is not kept. Gives a function that frees the room.
 */
export function takeBody(
  request: IncomingMessage,
  limit: number,
  room: Room,
  done: (taken: TakenBody) => void,
): () => void {
  const chunks: Buffer[] = [];
  let size = 0;
  let ended = false;
  let held = 0;
  const end = (taken: TakenBody) => {
    if (ended) return;
    ended = true;
    done(taken);
  };
  request.on('data', (chunk: Buffer) => {
    if (ended) return;
    size += chunk.length;
    chunks.push(chunk);
    if (size > limit) return end({ fault: 'too-large', start: chunks[0] });
    if (room.used + chunk.length > room.limit) return end({ fault: 'busy', start: chunks[0] });
    room.used += chunk.length;
    held += chunk.length;
  });
  request.on('end', () => end({ bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size) }));
  const abort = () => end({ fault: 'aborted', start: chunks[0] });
  request.on('error', abort);
  request.on('close', abort);
  return () => {
    ended = true;
    room.used -= held;
    held = 0;
  };
}

/** The uid of a review from its beginning, where an API server writes it; undefined where it is not seen there. */
export function uidIn(start: Buffer | undefined): string | undefined {
  const text = start?.subarray(0, 512).toString('latin1') ?? '';
  return /"request":\{"uid":"([0-9a-zA-Z-]{1,128})"/.exec(text)?.[1];
}
