import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UpstreamError } from '@breakwater/model';
import { z } from 'zod';
import { meansImage, splitRoot } from './storage-names.ts';
import type { StoredImage, StoredLayer } from './stored-image.ts';

const DIGEST = /^sha256:([0-9a-f]{64})$/;
const Repositories = z.object({ Repositories: z.record(z.string(), z.record(z.string(), z.string())) });
const Config = z.object({ rootfs: z.object({ diff_ids: z.array(z.string().regex(DIGEST)).max(500) }) });

const DEFAULT_ROOT = '/var/lib/docker';
const DRIVERS = ['overlay2', 'fuse-overlayfs'];
const CACHE_ID = /^[A-Za-z0-9]{1,128}$/;

/**
 * Finds an image where Docker keeps its own on overlay2 (`image/overlay2`: names, configs and the chains of layers),
 * without asking Docker. Undefined where it has none of the name. Images of Docker's containerd store lie elsewhere.
 */
export async function findInDockerStorage(wanted: string): Promise<StoredImage | undefined> {
  const { root = DEFAULT_ROOT, name } = splitRoot(wanted);
  for (const driver of DRIVERS) {
    const path = join(root, 'image', driver, 'repositories.json');
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) continue;
    const found = Repositories.safeParse(parseJson(bytes)).data;
    if (found === undefined) throw new UpstreamError(`${path} cannot be read`, { code: 'storage-unreadable' });
    const named = choose(found.Repositories, name);
    if (named !== undefined) return describe(root, driver, named);
  }
  return undefined;
}

interface Named {
  id: string;
  names: string[];
  digests: string[];
}

/** Docker shortens names: `alpine:3.10`, `alpine@sha256:...`. */
function choose(repositories: Record<string, Record<string, string>>, wanted: string): Named | undefined {
  const images = new Map<string, Named>();
  for (const [name, digest] of Object.values(repositories).flatMap((entries) => Object.entries(entries))) {
    const id = DIGEST.exec(digest)?.[1];
    if (id === undefined) continue;
    const image = images.get(id) ?? { id, names: [], digests: [] };
    images.set(id, image);
    const at = name.indexOf('@');
    if (at === -1) image.names.push(name);
    else image.digests.push(name.slice(at + 1));
  }
  return [...images.values()].find(({ id, names, digests }) => meansImage(wanted, names.flatMap(inFull), digests, id));
}

function inFull(name: string): string[] {
  const official = name.includes('/') ? [] : [`docker.io/library/${name}`];
  return [name, `docker.io/${name}`, ...official];
}

async function describe(root: string, driver: string, { id, names, digests }: Named): Promise<StoredImage> {
  const base = join(root, 'image', driver);
  const config = await readFile(join(base, 'imagedb/content/sha256', id));
  const diffIds = Config.safeParse(parseJson(config)).data?.rootfs.diff_ids;
  if (diffIds === undefined) throw broken(id, 'its config cannot be read');
  const layers: StoredLayer[] = [];
  let chain = '';
  for (const diffId of diffIds) {
    chain = chain === '' ? diffId : `sha256:${createHash('sha256').update(`${chain} ${diffId}`).digest('hex')}`;
    const folder = join(base, 'layerdb/sha256', chain.slice('sha256:'.length));
    const cacheId = await readFile(join(folder, 'cache-id'), 'utf8').catch(() => '');
    if (!CACHE_ID.test(cacheId)) throw broken(id, 'a layer of it is not listed');
    layers.push({ diffId, folder: join(root, driver, cacheId, 'diff'), split: join(folder, 'tar-split.json.gz') });
  }
  return { config, names, digests, layers };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function broken(id: string, why: string): UpstreamError {
  return new UpstreamError(`Image ${id.slice(0, 12)} of Docker's storage cannot be read: ${why}`, {
    code: 'storage-unreadable',
  });
}
