import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerState } from '@breakwater/model';
import { z } from 'zod';
import type { OpenOptions } from '../open-options.ts';
import type { OpenedTarget } from '../open-target.ts';
import { readList, readStoredImage, storageRoots } from './containers-storage.ts';
import { openStoredImage } from './open-stored-image.ts';
import { splitRoot } from './storage-names.ts';
import type { StoredImage } from './stored-image.ts';

const ID = z.string().regex(/^[0-9a-f]{64}$/);
const Containers = z.array(
  z.object({ id: ID, names: z.array(z.string()).nullish(), image: z.string().optional(), layer: ID }),
);
type Container = z.infer<typeof Containers>[number];
type Change = NonNullable<ContainerState['changes']>[number];

/** Changed paths listed of one container; the rest is counted. */
const MOST_CHANGES = 10_000;
const MOST_WALKED = 200_000;

/**
 * Opens a container where Podman, Buildah and CRI-O keep it (containers/storage on overlay), without asking any of
 * them: the layers of its image, and above them what has changed, read in place. Whether it runs is not told there.
 * Undefined where no storage has it.
 */
export async function openStoredContainer(
  wanted: string,
  target: string,
  options: Pick<OpenOptions, 'isKept' | 'release'>,
): Promise<OpenedTarget | undefined> {
  const { root, name } = splitRoot(wanted);
  for (const place of root === undefined ? await storageRoots() : [root]) {
    const containers = await readList(join(place, 'overlay-containers/containers.json'), Containers);
    const container = containers?.find(({ id, names }) => isMeant(name, id, names ?? []));
    if (container === undefined) continue;
    const image = await readStoredImage(place, container.image ?? '');
    if (image !== undefined) return openUpper(place, container, image, target, options);
  }
  return undefined;
}

function isMeant(name: string, id: string, names: string[]): boolean {
  return names.includes(name) || (/^[0-9a-f]{12,64}$/.test(name) && id.startsWith(name));
}

async function openUpper(
  root: string,
  { id, names, image: imageId, layer }: Container,
  image: StoredImage,
  target: string,
  options: Pick<OpenOptions, 'isKept' | 'release'>,
): Promise<OpenedTarget> {
  const upper = { diffId: `sha256:${id}`, folder: join(root, 'overlay', layer, 'diff'), isState: true };
  const lower = image.layers.map(({ folder }) => folder);
  const [changed, opened] = await Promise.all([
    listChanges(upper.folder, lower),
    openStoredImage(
      { ...image, names: [], config: withLayer(image.config, upper.diffId), layers: [...image.layers, upper] },
      'container',
      target,
      options,
    ),
  ]);
  const container: ContainerState = {
    id,
    name: names?.[0] ?? id.slice(0, 12),
    engine: 'podman',
    state: 'unknown',
    image: { id: `sha256:${imageId}`, ...(image.names[0] !== undefined && { name: image.names[0] }) },
    changes: changed.slice(0, MOST_CHANGES),
    changeCount: changed.length,
  };
  return { ...opened, indexes: [], about: { id: `sha256:${id}`, container } };
}

/** The config as of an image with one layer more, which the container's changes make. */
function withLayer(config: Buffer, diffId: string): Buffer {
  const document: unknown = JSON.parse(config.toString('utf8'));
  const parsed = z
    .looseObject({ rootfs: z.looseObject({ diff_ids: z.array(z.string()) }), history: z.array(z.unknown()).nullish() })
    .parse(document);
  const { rootfs, history } = parsed;
  const changes = { created_by: 'changed in the container' };
  return Buffer.from(
    JSON.stringify({
      ...parsed,
      rootfs: { ...rootfs, diff_ids: [...rootfs.diff_ids, diffId] },
      history: [...(history ?? []), changes],
    }),
  );
}

/** What the upper folder holds that is no mere way to something: added, modified, or, as devices 0/0, removed. */
async function listChanges(upper: string, lower: string[]): Promise<Change[]> {
  const changes: Change[] = [];
  const folders = [''];
  for (let walked = 0; folders.length > 0 && walked < MOST_WALKED; walked++) {
    const folder = folders.pop()!;
    const entries = await readdir(join(upper, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isCharacterDevice() && (await lstat(join(upper, path))).rdev === 0)
        changes.push({ path, kind: 'removed' });
      else changes.push({ path, kind: (await isIn(lower, path)) ? 'modified' : 'added' });
    }
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function isIn(folders: string[], path: string): Promise<boolean> {
  for (const folder of folders) {
    const found = await lstat(join(folder, path)).catch(() => undefined);
    if (found !== undefined) return !(found.isCharacterDevice() && found.rdev === 0);
  }
  return false;
}
