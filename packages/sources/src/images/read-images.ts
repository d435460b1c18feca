import { lstat } from 'node:fs/promises';
import { Image, Unknown, UpstreamError, UserError } from '@breakwater/model';
import { z } from 'zod';
import { runBehindWall } from '../wall/index.ts';
import type { ReadItem, ReadRequest } from './child/read-target.ts';
import { type OpenedTarget, openTarget } from './open-target.ts';
import type { RegistryOptions } from './registry/open-reference.ts';
import { parseReference } from './registry/reference.ts';

export interface ReadImagesOptions {
  /**
   * `linux/arm64` or `linux/arm64/v8`: the only platform to read of a multi-platform image. Default: all of a file or
   * folder, the host's of a registry.
   */
  platform?: string;
  /** Layers read of all layers of the target. */
  onProgress?: (progress: { done: number; total: number; subject: string }) => void;
  signal?: AbortSignal;
  /** How the registry is asked where the target is a reference. */
  registry?: RegistryOptions;
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
 * or one image of a registry where nothing is at that path and the target reads as a reference. Parsed behind the wall.
 * Never rejects on content: what could not be read is an unknown, and images read before a
 * crash are kept. Rejects only when aborted.
 */
export async function readImages(target: string, options: ReadImagesOptions = {}): Promise<ImagesRead> {
  const result: ImagesRead = { images: [], unknowns: [] };
  let source: OpenedTarget;
  try {
    source = await openAny(target, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    return { images: [], unknowns: [notOpened(target, cause)] };
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
        if (item.kind === 'image') result.images.push(withIndexes(item.image, source.indexes));
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

async function openAny(target: string, options: ReadImagesOptions): Promise<OpenedTarget> {
  const reference = parseReference(target);
  if (reference === undefined || (await lstat(target).catch(() => undefined)) !== undefined) return openTarget(target);
  const { openReference } = await import('./registry/open-reference.ts');
  const signal = options.signal ?? new AbortController().signal;
  return openReference(reference, options.platform, { ...options.registry, signal });
}

/** The digests of the indexes in a registry that lead to the image name it too. */
function withIndexes(image: Image, indexes: string[] = []): Image {
  return { ...image, manifestDigests: [...image.manifestDigests, ...indexes] };
}

function notOpened(target: string, cause: unknown): Unknown {
  const place = { source: target };
  if (cause instanceof UserError || cause instanceof UpstreamError) {
    const { code, message, hint } = cause;
    return { code, message, place, ...(hint !== undefined && { hint }) };
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return { code: 'target-unreadable', message: `${target} could not be opened: ${why}`, place };
}
