import { existsSync } from 'node:fs';
import type { Image, Unknown } from '@breakwater/model';
import { looksLikeReference, type RegistryOptions } from '@breakwater/sources/images';
import {
  type AttachedProfile,
  type RegistryImage,
  readAttachedProfiles,
  readRegistryProfiles,
} from './attached-profiles.ts';
import type { BehaviourStore } from './kept/index.ts';

/** Where profiles are kept that images carry, and when their registries were asked. */
export interface AttachedProfilesStore {
  behaviour: Pick<BehaviourStore, 'writeRecorded'>;
  readDocument(kind: string, name: string): Promise<unknown>;
  writeDocument(kind: string, name: string, document: unknown): Promise<void>;
}

export interface KeepAttachedOptions {
  /** PEM. */
  publicKey: string;
  /** ISO 8601. */
  now: string;
  registry?: RegistryOptions | undefined;
  signal: AbortSignal;
}

const KIND = 'attached-profiles';
const NAME = 'registries';
/** Milliseconds after which a registry is asked again about an image: what is attached may be attached later. */
const AGAIN = 15 * 60_000;
const MOST_IMAGES = 1_000;

/**
 * Keeps the profiles that images carry and the owner of the key signed, of layouts at these paths and of images that were read
 * from registries, so that what they say is known from a container's first event on. Gives what was not used, and why.
 */
export async function keepAttachedProfiles(
  paths: readonly string[],
  images: Iterable<Image>,
  store: AttachedProfilesStore,
  { publicKey, now, registry, signal }: KeepAttachedOptions,
): Promise<Unknown[]> {
  const keep = async (attached: readonly AttachedProfile[]): Promise<void> => {
    for (const one of attached) await store.behaviour.writeRecorded(one.images, one.profile);
  };
  const { attached, unknowns } = await readAttachedProfiles(paths, publicKey);
  await keep(attached);
  const asked = new Map(Object.entries(((await store.readDocument(KIND, NAME)) ?? {}) as Record<string, string>));
  const pulled = [...new Map([...images].flatMap((image) => (isPulled(image) ? [[image.id, image]] : []))).values()];
  const due = pulled.filter(({ id }) => !(Date.parse(now) - Date.parse(asked.get(id) ?? '') < AGAIN));
  for (const { id, target, manifestDigests } of due.slice(0, MOST_IMAGES)) {
    const image = { name: nameOf(target), id, manifestDigests };
    const read = await readRegistryProfiles(image, publicKey, { ...registry, signal });
    await keep(read.attached);
    unknowns.push(...read.unknowns);
    asked.set(id, now);
  }
  const left = pulled.flatMap(({ id }) => (asked.has(id) ? [[id, asked.get(id)]] : []));
  if (due.length > 0) await store.writeDocument(KIND, NAME, Object.fromEntries(left));
  return unknowns;
}

/** The same of paths alone, where no estate was read: names of images among them are looked up in their registries. */
export async function readNamedProfiles(
  paths: readonly string[],
  publicKey: string,
  options: RegistryOptions & { signal: AbortSignal },
): Promise<{ attached: AttachedProfile[]; unknowns: Unknown[] }> {
  const { attached, unknowns } = await readAttachedProfiles(paths, publicKey);
  for (const path of paths.filter((one) => !existsSync(one) && looksLikeReference(nameOf(one)))) {
    const found = await readProfilesOfName(nameOf(path), publicKey, options);
    attached.push(...(found?.attached ?? []));
    unknowns.push(...(found?.unknowns ?? []));
  }
  return { attached, unknowns };
}

/**
 * Profiles of the image that a name stands for in its registry now; undefined for what is no such name. What cannot be asked is
 * an unknown.
 */
export async function readProfilesOfName(
  name: string,
  publicKey: string,
  { platform, ...options }: RegistryOptions & { signal: AbortSignal; platform?: string | undefined },
): Promise<{ image?: RegistryImage; attached: AttachedProfile[]; unknowns: Unknown[] } | undefined> {
  const { parseReference, resolveImage } = await import('@breakwater/sources/images/registry');
  const reference = parseReference(name);
  if (reference === undefined) return undefined;
  try {
    const image = { name, ...(await resolveImage(reference, platform, options)) };
    return { image, ...(await readRegistryProfiles(image, publicKey, options)) };
  } catch (error) {
    options.signal.throwIfAborted();
    const { message, hint, code = 'registry-failed' } = error as Error & { hint?: string; code?: string };
    const unknown: Unknown = { code, message, place: { source: name }, ...(hint !== undefined && { hint }) };
    return { attached: [], unknowns: [unknown] };
  }
}

const isPulled = ({ source, manifestDigests }: Image): boolean => source === 'registry' && manifestDigests.length > 0;

/** Without the scheme of registries. */
const nameOf = (target: string): string => target.replace(/^registry:/, '');
