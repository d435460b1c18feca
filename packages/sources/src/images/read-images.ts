import { Image, Unknown } from '@breakwater/model';
import { z } from 'zod';
import { runBehindWall } from '../wall/index.ts';
import type { ReadItem, ReadRequest } from './child/read-target.ts';
import { type OpenedTarget, openTarget } from './open-target.ts';

export interface ReadImagesOptions {
  /** `linux/arm64` or `linux/arm64/v8`: the only platform to read of a multi-platform image. Default: all. */
  platform?: string;
  /** Layers read of all layers of the target. */
  onProgress?: (progress: { done: number; total: number; subject: string }) => void;
  signal?: AbortSignal;
}

export interface ImagesRead {
  images: Image[];
  /** What concerns the target as a whole; what concerns one image is among its own `unknowns`. */
  unknowns: Unknown[];
}

/** Content of package files is bounded at 160 MiB; the rest is paths, links and buffers in flight. */
const MEMORY_MIB = 512;
const TIMEOUT_MS = 15 * 60_000;

const Item: z.ZodType<ReadItem> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), image: Image }),
  z.object({ kind: z.literal('unknown'), unknown: Unknown }),
  z.object({ kind: z.literal('progress'), done: z.number(), total: z.number(), subject: z.string() }),
]);

const task = {
  module: new URL('./child/read-target.ts', import.meta.url).href,
  function: 'readTarget',
  result: z.null(),
  item: Item,
};

/**
 * Reads every image of a docker-archive, an OCI layout (folder or archive) or a root file system (folder or archive),
 * parsed behind the wall. Never rejects on content: what could not be read is an unknown, and images read before a
 * crash are kept. Rejects only when aborted.
 */
export async function readImages(target: string, options: ReadImagesOptions = {}): Promise<ImagesRead> {
  const result: ImagesRead = { images: [], unknowns: [] };
  let source: OpenedTarget;
  try {
    source = await openTarget(target);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `${target} could not be opened: ${why}`;
    return { images: [], unknowns: [{ code: 'target-unreadable', message, place: { source: target } }] };
  }
  const request: ReadRequest = {
    target,
    opened: source.opened,
    ...(options.platform !== undefined && { platform: options.platform }),
  };
  try {
    const outcome = await runBehindWall(task, request, {
      place: { source: target },
      files: source.files,
      memory: MEMORY_MIB,
      timeout: TIMEOUT_MS,
      ...(options.signal !== undefined && { signal: options.signal }),
      onItem: (item) => {
        if (item.kind === 'image') result.images.push(item.image);
        else if (item.kind === 'unknown') result.unknowns.push(item.unknown);
        else options.onProgress?.({ done: item.done, total: item.total, subject: item.subject });
      },
    });
    if (!outcome.ok) result.unknowns.push(outcome.unknown);
    result.unknowns.push(...source.unknowns);
    return result;
  } finally {
    await source.close();
  }
}
