import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BehaviourProfile, type LearnedProfile, type Unknown, UserError } from '@breakwater/model';
import type { RegistryOptions } from '@breakwater/sources/images';
import { z } from 'zod';
import { PROFILE_ARTIFACT } from './attach-profile.ts';
import { verifyProfile } from './signed-profile.ts';

/** A profile that somebody who is trusted signed for an image, with the digests that name the image. */
export interface AttachedProfile {
  images: string[];
  /** Of the manifest by which it is attached. */
  manifest: string;
  profile: BehaviourProfile | LearnedProfile;
}

const LARGEST = 128 * 1024 * 1024;
const MOST_LAYOUTS = 1_000;
const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Index = z.looseObject({
  manifests: z.array(z.looseObject({ digest: z.string(), artifactType: z.string().optional() })).max(10_000),
});
const Manifest = z.looseObject({
  layers: z.tuple([z.looseObject({ digest: Digest })]),
  subject: z.looseObject({ digest: Digest }),
});
const Subject = z.looseObject({ config: z.looseObject({ digest: Digest }) });

/**
 * Profiles that are attached to images of OCI layouts, at these paths and right below them, and that the owner of `publicKey`
 * signed, PEM. Any other is an unknown, and not used: whoever can write to a layout could else have anything expected.
 */
export async function readAttachedProfiles(
  paths: readonly string[],
  publicKey: string,
): Promise<{ attached: AttachedProfile[]; unknowns: Unknown[] }> {
  const attached: AttachedProfile[] = [];
  const unknowns: Unknown[] = [];
  for (const folder of await layoutsAmong(paths)) {
    const index = Index.safeParse(await readJson(join(folder, 'index.json')));
    for (const { digest, artifactType } of index.data?.manifests ?? []) {
      if (artifactType !== PROFILE_ARTIFACT) continue;
      try {
        attached.push(await readOne(folder, digest, publicKey));
      } catch (error) {
        unknowns.push(unknownOf(error, { source: folder }));
      }
    }
  }
  return { attached, unknowns };
}

/** An image of a registry, by every digest that names it. */
export interface RegistryImage {
  /** `registry.example/shop/cart:1`. */
  name: string;
  /** Of its config. */
  id: string;
  /** Of its manifest, and of indexes that lead to it. */
  manifestDigests: readonly string[];
}

/**
 * Profiles that are attached to an image in its registry, and that the owner of `publicKey` signed for it, PEM; the one that was
 * recorded last is the last. Any other is an unknown, and not used: whoever can write to a registry could else have anything
 * expected. A registry that cannot be asked is an unknown too.
 */
export async function readRegistryProfiles(
  { name, id, manifestDigests }: RegistryImage,
  publicKey: string,
  options: RegistryOptions & { signal: AbortSignal },
): Promise<{ attached: AttachedProfile[]; unknowns: Unknown[] }> {
  const { readReferrers } = await import('@breakwater/sources/images/registry');
  const images = [...new Set([...manifestDigests, id])];
  const unknowns: Unknown[] = [];
  const kind = { artifactType: PROFILE_ARTIFACT, largest: LARGEST };
  const read = await readReferrers(name, manifestDigests, kind, options).catch((error: unknown) => {
    options.signal.throwIfAborted();
    unknowns.push(unknownOf(error, { source: name }));
    return { found: [], unknowns: [] };
  });
  const attached = new Map<string, AttachedProfile>();
  for (const { manifest, bytes } of read.found) {
    try {
      attached.set(manifest, { images, manifest, profile: verifiedFor(bytes.toString('utf8'), publicKey, images) });
    } catch (error) {
      unknowns.push(unknownOf(error, { source: name, path: manifest }));
    }
  }
  const oldestFirst = [...attached.values()].sort((a, b) =>
    (a.profile.until ?? '') < (b.profile.until ?? '') ? -1 : 1,
  );
  return { attached: oldestFirst, unknowns: [...unknowns, ...read.unknowns] };
}

function unknownOf(error: unknown, place: Unknown['place']): Unknown {
  const { message, hint, code = 'profile-unverified' } = error as Error & { hint?: string; code?: string };
  return { code, message, place, ...(hint !== undefined && { hint }) };
}

/** @throws {UserError} where the key did not sign it, or for none of these images */
function verifiedFor(text: string, publicKey: string, images: readonly string[]): BehaviourProfile | LearnedProfile {
  const { imageDigest, profile } = verifyProfile(text, publicKey);
  if (images.includes(imageDigest)) return profile;
  for (const digest of images.slice(1)) {
    try {
      return verifyProfile(text, publicKey, digest).profile;
    } catch {
      // Of several subjects any may be the image; the last try says why none is.
    }
  }
  return verifyProfile(text, publicKey, images[0]).profile;
}

async function layoutsAmong(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const below = await readdir(path, { withFileTypes: true }).catch(() => []);
    const folders = [path, ...below.filter((one) => one.isDirectory()).map(({ name }) => join(path, name))];
    for (const folder of folders)
      if (found.size < MOST_LAYOUTS && existsSync(join(folder, 'oci-layout'))) found.add(folder);
  }
  return [...found];
}

/** What is attached names its image twice, and only the signature counts: both have to agree. */
async function readOne(folder: string, digest: string, publicKey: string): Promise<AttachedProfile> {
  const manifest = Manifest.safeParse(await readJson(blobOf(folder, digest)));
  if (!manifest.success)
    throw new UserError('What is attached is no profile of an image.', { code: 'profile-invalid' });
  const { layers, subject: image } = manifest.data;
  const subject = image.digest;
  const config = Subject.safeParse(await readJson(blobOf(folder, subject))).data?.config.digest;
  const text = await readText(blobOf(folder, layers[0].digest));
  const images = [subject, ...(config === undefined ? [] : [config])];
  return { images, manifest: digest, profile: verifiedFor(text, publicKey, images) };
}

const blobOf = (folder: string, digest: string): string =>
  join(folder, 'blobs/sha256', Digest.safeParse(digest).data?.slice('sha256:'.length) ?? 'none');

async function readText(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() && found.size <= LARGEST ? await readFile(path, 'utf8') : '';
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readText(path));
  } catch {
    return undefined;
  }
}
