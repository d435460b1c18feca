import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';
import type { RegistryOptions } from '@breakwater/sources/images';
import { type Attachment, pushReferrer, referrerManifest } from '@breakwater/sources/images/registry';
import { z } from 'zod';
import { PROFILE_PREDICATE } from './signed-profile.ts';

/** Kind of the artifact that a signed profile is attached as. */
export const PROFILE_ARTIFACT = 'application/vnd.breakwater.behaviour-profile.v1+json';
const ENVELOPE = 'application/vnd.dsse.envelope.v1+json';

const Descriptor = z.looseObject({ mediaType: z.string(), digest: z.string(), size: z.number().int() });
type Descriptor = z.infer<typeof Descriptor>;
const Index = z.looseObject({ manifests: z.array(Descriptor).max(10_000) });

/**
 * Puts a signed profile beside an image of an OCI layout, as what refers to it (image-spec 1.1, `subject`): tools that
 * copy an image with its referrers take it along. Gives the digest of its manifest. The same profile is put once.
 * @throws {UserError} where the folder is no layout, or has no such image
 */
export async function attachToLayout(folder: string, imageDigest: string, signed: string): Promise<string> {
  const index = await readIndex(folder);
  const subject = await findImage(folder, index.manifests, imageDigest);
  const { manifest: made, blobs } = referrerManifest(attachmentOf(signed), subject);
  for (const { digest, bytes } of [...blobs, made])
    await writeFile(join(folder, 'blobs/sha256', digest.slice('sha256:'.length)), bytes);
  const { bytes: _, ...manifest } = made;
  if (index.manifests.some(({ digest }) => digest === manifest.digest)) return manifest.digest;
  index.manifests.push({ ...manifest, artifactType: PROFILE_ARTIFACT });
  const temporary = join(folder, `index.json.${process.pid}`);
  await writeFile(temporary, JSON.stringify(index));
  await rename(temporary, join(folder, 'index.json'));
  return manifest.digest;
}

/**
 * Puts a signed profile beside an image in its registry, as what refers to it. `imageDigest` is of its manifest, its index or
 * its config, and the name has to lead to it. The same profile is put once.
 * @throws {UserError} where the name is another image, or the registry lets nothing be put there; {UpstreamError}
 */
export async function attachToRegistry(
  image: string,
  imageDigest: string,
  signed: string,
  options: RegistryOptions & { signal: AbortSignal },
): Promise<{ manifest: string; subject: string; listedBy: 'registry' | 'tag' }> {
  return await pushReferrer(image, imageDigest, attachmentOf(signed), options);
}

const attachmentOf = (signed: string): Attachment => ({
  artifactType: PROFILE_ARTIFACT,
  mediaType: ENVELOPE,
  bytes: Buffer.from(signed),
  annotations: { 'in-toto.io/predicate-type': PROFILE_PREDICATE },
});

async function readIndex(folder: string): Promise<z.infer<typeof Index>> {
  const text = await readFile(join(folder, 'index.json'), 'utf8').catch(() => '');
  const parsed = Index.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new UserError(`${folder} is no OCI layout.`, {
    code: 'layout-invalid',
    hint: 'skopeo copy, or buildah push, writes one: oci:FOLDER. Next to a file, keep the signed profile as a file.',
  });
}

/** By the digest of its manifest, or of its config, by which the image goes too. */
async function findImage(folder: string, manifests: readonly Descriptor[], digest: string): Promise<Descriptor> {
  for (const one of manifests) {
    if (one.digest === digest) return one;
    const [, hash] = /^sha256:([0-9a-f]{64})$/.exec(one.digest) ?? [];
    if (hash === undefined) continue;
    const manifest = parse(await readFile(join(folder, 'blobs/sha256', hash), 'utf8').catch(() => ''));
    const config = z.looseObject({ config: z.looseObject({ digest: z.string() }) }).safeParse(manifest).data?.config;
    if (config?.digest === digest) return one;
  }
  throw new UserError(`${folder} has no image ${digest}.`, { code: 'image-not-found' });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
