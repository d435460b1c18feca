import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BehaviourProfile, type LearnedProfile, type Unknown, UserError } from '@breakwater/model';
import { z } from 'zod';
import { PROFILE_ARTIFACT } from './attach-profile.ts';
import { verifyProfile } from './signed-profile.ts';

/** A profile that somebody who is trusted signed for an image, with the digests that name the image. */
export interface AttachedProfile {
  images: string[];
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
        const { message, hint } = error as Error & { hint?: string };
        const place = { source: folder };
        unknowns.push({ code: 'profile-unverified', message, place, ...(hint !== undefined && { hint }) });
      }
    }
  }
  return { attached, unknowns };
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
  const { imageDigest } = verifyProfile(text, publicKey);
  const isOfIt = images.includes(imageDigest);
  const { profile } = verifyProfile(text, publicKey, isOfIt ? imageDigest : subject);
  return { images, profile };
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
