import { type Image, type Unknown, UpstreamError, UserError } from '@breakwater/model';
import { runBehindWall } from '../wall/index.ts';
import type { LayerCache } from './cache/layer-cache.ts';
import type { ReadRequest } from './child/read-target.ts';
import { findIsal } from './find-isal.ts';
import { openNamed } from './open-named.ts';
import type { OpenedTarget } from './open-target.ts';
import type { RegistryOptions } from './registry/connect-registry.ts';

export interface ReadImagesOptions {
  /**
   * `linux/arm64` or `linux/arm64/v8`: the only platform to read of a multi-platform image. Default: all of a file or
   * folder, the host's of a registry.
   */
  platform?: string;
  /** Layers read of all layers of the target. */
  onProgress?: (progress: { done: number; total: number; subject: string }) => void;
  signal?: AbortSignal;
  /** Folder for what was read of layers, shared by all processes: the next image that has them is read without them. */
  cache?: string;
  /** Whether programs and libraries are to be listed, with their digests, as `Image.release`: what behaviour rests on. */
  release?: boolean;
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
/** Bytes of all kept layers. */
const LARGEST_CACHE = 2 * 1024 ** 3;

const task = {
  module: new URL('./child/serve-target.ts', import.meta.url).href,
  function: 'serveTarget',
  schemas: () => import('./read-item.ts'),
};

/**
 * Reads every image of a docker-archive, an OCI layout (folder or archive) or a root file system (folder or archive);
 * or one image of Docker, of Podman, of their storage on this machine or of a registry, where nothing is at that path
 * and the target reads as a reference; or what a scheme says (`docker:NAME`). Parsed behind the wall.
 * Never rejects on content: what could not be read is an unknown, and images read before a crash are kept. Rejects only
 * when aborted.
 */
export async function readImages(target: string, options: ReadImagesOptions = {}): Promise<ImagesRead> {
  const cache = options.cache === undefined ? undefined : await openCache(options.cache, options.release === true);
  try {
    const source = await openNamed(target, {
      platform: options.platform,
      registry: options.registry,
      signal: options.signal ?? new AbortController().signal,
      release: options.release === true,
      isKept: async (digest) => (await cache?.has(digest)) === true,
    });
    try {
      const read = await readOpened(target, source, options, cache);
      if (options.cache === undefined || read.images.length === 0) return read;
      const { recogniseBases } = await import('./base-image/known-images.ts');
      return { ...read, images: await recogniseBases(options.cache, read.images) };
    } finally {
      await source.close();
    }
  } catch (cause) {
    options.signal?.throwIfAborted();
    return { images: [], unknowns: [notOpened(target, cause)] };
  } finally {
    await cache?.close();
  }
}

async function readOpened(
  target: string,
  source: OpenedTarget,
  { platform, release, signal, onProgress }: ReadImagesOptions,
  cache: LayerCache | undefined,
): Promise<ImagesRead> {
  const result: ImagesRead = { images: [], unknowns: [] };
  const request: ReadRequest = {
    target,
    opened: source.opened,
    ...(platform !== undefined && { platform }),
    ...(release === true && { release }),
    ...(cache !== undefined && { cache: cache.folder }),
  };
  const outcome = await runBehindWall(task, request, {
    place: { source: target },
    files: [...source.files, ...(cache === undefined ? [] : [cache.draft])],
    readable: cache === undefined ? [] : [cache.folder],
    memory: MEMORY_MIB,
    addons: findIsal() !== undefined,
    timeout: TIMEOUT_MS,
    ...(signal !== undefined && { signal }),
    onItem: (item) => {
      if (item.kind === 'image') result.images.push(complete(item.image, source));
      else if (item.kind === 'unknown') result.unknowns.push(item.unknown);
      else if (item.kind === 'progress') onProgress?.({ done: item.done, total: item.total, subject: item.subject });
      else cache?.take(item);
    },
  });
  if (!outcome.ok) result.unknowns.push(outcome.unknown);
  result.unknowns.push(...source.unknowns);
  return result;
}

async function openCache(folder: string, hasPrograms: boolean): Promise<LayerCache | undefined> {
  const { LayerCache } = await import('./cache/layer-cache.ts');
  return LayerCache.open(folder, LARGEST_CACHE, hasPrograms);
}

/** Adds what is known from elsewhere: the digests of indexes that lead to the image name it too. */
function complete(image: Image, { indexes = [], about }: OpenedTarget): Image {
  const manifestDigests = [...new Set([...image.manifestDigests, ...indexes])];
  if (about === undefined) return { ...image, manifestDigests };
  const unknowns = image.unknowns.map((unknown) => ({ ...unknown, subject: about.id }));
  return { ...image, ...about, manifestDigests, unknowns };
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
