import { access } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ImageSource, Unknown } from '@breakwater/model';
import type { OpenOptions } from '../open-options.ts';
import type { OpenedTarget } from '../open-target.ts';
import { packDiff } from './pack-diff.ts';
import { reassembleLayer } from './reassemble-layer.ts';
import type { StoredImage, StoredLayer } from './stored-image.ts';

/** Files of a user's containers belong to other ids than the user's own. */
const RIGHTS_HINT = "run it as root, or of a user's own containers as: podman unshare breakwater scan ...";

/**
 * Opens an image of a storage for the parser behind the wall, as an archive of Docker whose layers are put together
 * while they are read: nothing is copied. Layers that `isKept` knows are not read at all.
 */
export async function openStoredImage(
  image: StoredImage,
  source: ImageSource,
  target: string,
  { isKept, release }: Pick<OpenOptions, 'isKept' | 'release'>,
): Promise<OpenedTarget> {
  const unknowns: Unknown[] = [];
  const streams: Readable[] = [];
  const files = new Map<string, { name: string; size?: number; kept?: boolean; unverified?: boolean }>();
  for (const layer of image.layers) {
    const name = fileOf(layer);
    if (files.has(name)) continue;
    const size = layer.size === undefined ? {} : { size: layer.size };
    if (!layer.isState && (await isKept(layer.diffId))) {
      files.set(name, { name, ...size, kept: true });
      continue;
    }
    const hasSplit = layer.split !== undefined && (await exists(layer.split));
    const chunks = hasSplit
      ? reassembleLayer(layer.split!, layer.folder)
      : packDiff(layer.folder, (unknown) => unknowns.push(unknown), release);
    streams.push(Readable.from(telling(chunks, layer, target, unknowns), { objectMode: false }));
    files.set(name, hasSplit ? { name, ...size } : { name, unverified: true });
    if (!hasSplit && !layer.isState) unknowns.push(unverified(layer, target));
  }
  const config = 'config.json';
  const manifest = [{ Config: config, RepoTags: image.names, Layers: image.layers.map(fileOf) }];
  const documents = {
    'manifest.json': Buffer.from(JSON.stringify(manifest)).toString('base64'),
    [config]: image.config.toString('base64'),
  };
  const close = async (): Promise<void> => {
    for (const stream of streams) stream.destroy();
  };
  return {
    opened: {
      kind: 'registry',
      files: [...files.values()],
      documents,
      source,
      ...(image.annotations !== undefined && { annotations: image.annotations }),
    },
    files: streams,
    unknowns,
    indexes: image.digests,
    close,
  };
}

function fileOf({ diffId }: StoredLayer): string {
  return `${diffId.replace(':', '-')}.tar`;
}

/** Ends early where a layer cannot be read on, which its digest shows, and says why. */
async function* telling(
  chunks: AsyncIterable<Buffer>,
  layer: StoredLayer,
  target: string,
  unknowns: Unknown[],
): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Layer ${layer.diffId} could not be read to its end: ${why}`;
    const hint = (error as NodeJS.ErrnoException).code === 'EACCES' ? { hint: RIGHTS_HINT } : {};
    unknowns.push({ code: 'layer-unreadable', message, place: { source: target, path: layer.folder }, ...hint });
  }
}

function unverified(layer: StoredLayer, target: string): Unknown {
  return {
    code: 'layer-not-verified',
    message: `Layer ${layer.diffId} was read from its folder: the storage keeps nothing that its digest could prove`,
    place: { source: target, path: layer.folder },
    hint: 'pull the image again without partial pulls, or scan it from its registry',
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
