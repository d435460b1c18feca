import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaseImage, Image } from '@breakwater/model';
import { z } from 'zod';
import { parseReference } from '../registry/reference.ts';

/** An image that was read before: what it is called, and its layers from the lowest. */
const KnownImage = z.object({
  id: z.string(),
  name: z.string(),
  digests: z.array(z.string()),
  chain: z.array(z.string()).min(1),
});
export type KnownImage = z.infer<typeof KnownImage>;

const FILE = 'known-images.jsonl';
const LARGEST_FILE = 8 * 1024 * 1024;
/** Lines kept when the file has grown too large. */
const KEPT = 5000;
/** Sources that say what an image is called and of which layers it is. */
const NAMED: ReadonlySet<Image['source']> = new Set([
  'registry',
  'docker',
  'podman',
  'containers-storage',
  'docker-storage',
  'docker-archive',
  'oci-layout',
  'oci-archive',
]);

/**
 * Says of images which base image they have, by the images that scans on this machine have met, these among them, and
 * remembers these for the next. They are kept in a file beside the cache of layers.
 */
export async function recogniseBases(folder: string, images: Image[]): Promise<Image[]> {
  const before = await readKnownImages(folder);
  const known = [...before, ...images.flatMap(toKnown)];
  await rememberImages(folder, images, before);
  return images.map((image) => {
    const base = recogniseBase(image, known);
    return base === undefined ? image : { ...image, base };
  });
}

/** Lines that cannot be read are passed over: others may write at the same time. */
async function readKnownImages(folder: string): Promise<KnownImage[]> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => '');
  const known = new Map<string, KnownImage>();
  for (const line of text.split('\n')) {
    const image = parseLine(line);
    if (image !== undefined) known.set(`${image.id} ${image.name}`, image);
  }
  return [...known.values()];
}

/** Adds what is new of the images that were read. What cannot be written is not kept: it is a convenience. */
async function rememberImages(folder: string, images: Image[], known: KnownImage[]): Promise<void> {
  const met = new Set(known.map(({ id, name }) => `${id} ${name}`));
  const fresh = images.flatMap(toKnown).filter(({ id, name }) => !met.has(`${id} ${name}`));
  if (fresh.length === 0) return;
  const path = join(folder, FILE);
  const lines = fresh.map((image) => `${JSON.stringify(image)}\n`).join('');
  try {
    await appendFile(path, lines, { mode: 0o600 });
    const text = await readFile(path, 'utf8');
    if (text.length < LARGEST_FILE) return;
    const temporary = `${path}.${process.pid}`;
    await writeFile(temporary, `${text.trimEnd().split('\n').slice(-KEPT).join('\n')}\n`, { mode: 0o600 });
    await rename(temporary, path);
  } catch {
    return;
  }
}

/**
 * The base image by the images that are known: the one with the most layers that are the lowest of this image, but not
 * all. Another version of the same repository is no base, whatever else it is called. Where the image itself names a base with more layers, that
 * counts; where it names none, or the same layers, the known name and digest do.
 */
export function recogniseBase(image: Image, known: KnownImage[]): BaseImage | undefined {
  const chain = image.layers.map(({ diffId }) => diffId);
  const own = new Set([...image.references, image.target].map(repositoryOf));
  const versions = new Set(known.filter(({ name }) => own.has(repositoryOf(name))).map(({ id }) => id));
  const fits = known
    .filter((other) => other.chain.length < chain.length && !versions.has(other.id))
    .filter((other) => other.chain.every((diffId, index) => diffId === chain[index]));
  const stated = fits.find(({ digests }) => image.base?.digest !== undefined && digests.includes(image.base.digest));
  const found = stated ?? fits.sort((a, b) => b.chain.length - a.chain.length)[0];
  const { base } = image;
  if (found === undefined || (stated === undefined && found.chain.length < (base?.layers ?? 0))) return base;
  const same = stated !== undefined || (base?.layers === found.chain.length && base.confidence === 'high');
  const [digest] = found.digests;
  return {
    name: same ? (base?.name ?? found.name) : found.name,
    ...(same && base?.digest !== undefined ? { digest: base.digest } : digest !== undefined && { digest }),
    layers: found.chain.length,
    evidence: 'known-image',
    confidence: 'high',
  };
}

function toKnown(image: Image): KnownImage[] {
  const { id, references, source, target, manifestDigests, layers } = image;
  const chain = layers.map(({ diffId }) => diffId);
  if (!NAMED.has(source) || chain.length === 0 || chain.some((diffId) => !diffId.startsWith('sha256:'))) return [];
  const names = references.length > 0 ? references : source === 'registry' ? [target] : [];
  return names.slice(0, 3).map((name) => ({ id, name, digests: manifestDigests, chain }));
}

function repositoryOf(name: string): string {
  const reference = parseReference(name);
  return reference === undefined ? name : `${reference.registry}/${reference.repository}`;
}

function parseLine(line: string): KnownImage | undefined {
  try {
    return line === '' ? undefined : KnownImage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
