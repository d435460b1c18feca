import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UpstreamError } from '@breakwater/model';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { meansImage, splitRoot } from './storage-names.ts';
import type { StoredImage, StoredLayer } from './stored-image.ts';

const DIGEST = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const ID = z.string().regex(/^[0-9a-f]{64}$/);
const Images = z.array(
  z.object({
    id: ID,
    digest: z.string().optional(),
    names: z.array(z.string()).nullish(),
    layer: ID.optional(),
  }),
);
const Layers = z.array(
  z.object({
    id: ID,
    parent: z.string().optional(),
    'diff-digest': z.string().optional(),
    'diff-size': z.number().int().nonnegative().optional(),
  }),
);
const Manifest = z.object({
  config: z.object({ digest: DIGEST }),
  annotations: z.record(z.string(), z.string()).nullish(),
});
const Config = z.object({ storage: z.object({ graphroot: z.string().optional(), driver: z.string().optional() }) });

type StoredImages = z.infer<typeof Images>;

const LARGEST_FILE = 64 * 1024 * 1024;
const MOST_LAYERS = 500;
/** Where each driver keeps the content of a layer. */
const FOLDERS: Record<string, (root: string, id: string) => string> = {
  overlay: (root, id) => join(root, 'overlay', id, 'diff'),
  vfs: (root, id) => join(root, 'vfs/dir', id),
};

/**
 * Finds an image where Podman, Buildah and CRI-O keep theirs (containers/storage: `overlay-images/images.json`,
 * `overlay-layers/layers.json`, a folder for each layer), without asking any of them. Looks where `storage.conf` says,
 * else at the default places of the user and of the machine. Undefined where none has it.
 */
export async function findInContainersStorage(wanted: string): Promise<StoredImage | undefined> {
  const { root, driver, name } = splitRoot(wanted);
  const places = root === undefined ? await storageRoots() : [root];
  for (const place of places) {
    for (const kind of driver === undefined ? Object.keys(FOLDERS) : [driver]) {
      const images = await readList(join(place, `${kind}-images/images.json`), Images);
      const found = images === undefined ? undefined : choose(images, name);
      if (found !== undefined && FOLDERS[kind] !== undefined) return describe(place, kind, found);
    }
  }
  return undefined;
}

/** The image of an id in one storage on overlay. */
export async function readStoredImage(root: string, id: string): Promise<StoredImage | undefined> {
  const images = await readList(join(root, 'overlay-images/images.json'), Images);
  const found = images?.find((image) => image.id === id);
  return found === undefined ? undefined : describe(root, 'overlay', found);
}

function choose(images: StoredImages, name: string): StoredImages[number] | undefined {
  return images.find(({ id, names, digest }) =>
    meansImage(name, names ?? [], digest === undefined ? [] : [digest], id),
  );
}

/** Where storages may be, the likeliest first. */
export async function storageRoots(environment: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const home = environment['HOME'] || homedir();
  const config = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const data = environment['XDG_DATA_HOME'] || join(home, '.local/share');
  const own = environment['CONTAINERS_STORAGE_CONF'] || join(config, 'containers/storage.conf');
  const named = await Promise.all([own, '/etc/containers/storage.conf'].map(graphRoot));
  const defaults = [join(data, 'containers/storage'), '/var/lib/containers/storage'];
  const ordered = process.getuid?.() === 0 ? [...named, defaults[1], defaults[0]] : [named[0], ...defaults];
  return [...new Set(ordered.filter((root) => root !== undefined))];
}

async function graphRoot(path: string): Promise<string | undefined> {
  try {
    return Config.parse(parse(await readFile(path, 'utf8'))).storage.graphroot;
  } catch {
    return undefined;
  }
}

async function describe(root: string, driver: string, image: StoredImages[number]): Promise<StoredImage> {
  const folder = join(root, `${driver}-images`, image.id);
  const manifest = Manifest.safeParse(parseJson(await readFile(join(folder, 'manifest')))).data;
  if (manifest === undefined) throw broken(image.id, 'its manifest cannot be read');
  const config = await readFile(join(folder, bigDataName(manifest.config.digest)));
  const listed = await readList(join(root, `${driver}-layers/layers.json`), Layers);
  const byId = new Map((listed ?? []).map((layer) => [layer.id, layer]));
  const layers: StoredLayer[] = [];
  for (let id = image.layer; id !== undefined && id !== ''; ) {
    const layer = byId.get(id);
    const diffId = DIGEST.safeParse(layer?.['diff-digest']).data;
    if (layer === undefined || diffId === undefined || layers.length === MOST_LAYERS)
      throw broken(image.id, 'its layers are not all listed');
    const size = layer['diff-size'];
    layers.unshift({
      diffId,
      folder: FOLDERS[driver]!(root, id),
      split: join(root, `${driver}-layers`, `${id}.tar-split.gz`),
      ...(size !== undefined && { size }),
    });
    id = layer.parent;
  }
  const digest = DIGEST.safeParse(image.digest).data;
  const { annotations } = manifest;
  return {
    config,
    names: image.names ?? [],
    digests: digest === undefined ? [] : [digest],
    ...(annotations && { annotations }),
    layers,
  };
}

/** File of a document beside an image: names that are no plain ones are written in base64 (containers/storage). */
function bigDataName(key: string): string {
  return `=${Buffer.from(key).toString('base64')}`;
}

/** A list of a storage, held to a schema; undefined where it is not there. Throws where it has a wrong form. */
export async function readList<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const parsed = bytes.length > LARGEST_FILE ? undefined : schema.safeParse(parseJson(bytes)).data;
  if (parsed === undefined) throw new UpstreamError(`${path} cannot be read`, { code: 'storage-unreadable' });
  return parsed;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function broken(id: string, why: string): UpstreamError {
  return new UpstreamError(`Image ${id.slice(0, 12)} of the containers' storage cannot be read: ${why}`, {
    code: 'storage-unreadable',
    hint: 'podman system check, or pull the image again',
  });
}
