import { createHash } from 'node:crypto';
import { UpstreamError, UserError } from '@breakwater/model';
import { z } from 'zod';
import { connectRegistry, type RegistryOptions, upstreamOf } from './connect-registry.ts';
import { referenceOf, unreadable } from './list-registry.ts';
import { INDEX_TYPES, MANIFEST_TYPES } from './media-types.ts';
import { formatReference, type Reference } from './reference.ts';
import { askReferrers, EMPTY, INDEX, MANIFEST, readTag, tagOf } from './referrers.ts';
import type { RegistryClient, RegistryDocument } from './registry-client.ts';

/** Platforms of one image that are looked through for the one that is meant. */
const MOST_PLATFORMS = 100;
/** The list under the tag is written again where somebody else wrote it meanwhile. */
const MOST_ATTEMPTS = 5;

const Leads = z.looseObject({
  manifests: z.array(z.looseObject({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) })).optional(),
  config: z.looseObject({ digest: z.string() }).optional(),
});

/** A document to attach, and what it is. */
export interface Attachment {
  artifactType: string;
  /** Of the document. */
  mediaType: string;
  bytes: Buffer;
  annotations?: Record<string, string>;
}

/** What a blob is called in manifests. */
export interface BlobDescriptor {
  mediaType: string;
  digest: string;
  size: number;
}

/** The manifest and the blobs by which a document refers to an image (image-spec 1.1, `subject`). */
export function referrerManifest(
  { artifactType, mediaType, bytes, annotations }: Attachment,
  { mediaType: type, digest, size }: BlobDescriptor,
): { manifest: BlobDescriptor & { bytes: Buffer }; blobs: (BlobDescriptor & { bytes: Buffer })[] } {
  const config = describe(EMPTY, Buffer.from('{}'));
  const layer = describe(mediaType, bytes);
  const named = ({ bytes: _, ...descriptor }: BlobDescriptor & { bytes: Buffer }): BlobDescriptor => descriptor;
  const content = {
    ...{ schemaVersion: 2, mediaType: MANIFEST, artifactType, config: named(config), layers: [named(layer)] },
    ...{ subject: { mediaType: type, digest, size }, ...(annotations && { annotations }) },
  };
  return { manifest: describe(MANIFEST, Buffer.from(JSON.stringify(content))), blobs: [config, layer] };
}

function describe(mediaType: string, bytes: Buffer): BlobDescriptor & { bytes: Buffer } {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { mediaType, digest, size: bytes.length, bytes };
}

/**
 * Puts a document beside an image in its registry, as what refers to it: the registry lists it (distribution-spec 1.1, "Pushing
 * Manifests with Subject"), or, where it does not know how, the tag of the referrers schema does. `digest` tells which image
 * the document is about, by its manifest, its index or its config; the name has to lead there. The same document is put once.
 * @throws {UserError} where the name is another image, or the registry lets nothing be put there; {UpstreamError}
 */
export async function pushReferrer(
  named: string | Reference,
  digest: string,
  attachment: Attachment,
  options: RegistryOptions & { signal: AbortSignal },
): Promise<{ manifest: string; subject: string; listedBy: 'registry' | 'tag' }> {
  const reference = referenceOf(named);
  try {
    const client = await connectRegistry(reference, { ...options, pushes: true });
    const found = await findSubject(client, reference, digest);
    const subject = { mediaType: found.mediaType, digest: found.digest, size: found.bytes.length };
    const { manifest, blobs } = referrerManifest(attachment, subject);
    for (const blob of blobs) await client.putBlob(blob.digest, blob.bytes);
    const answer = await client.putManifest(manifest.digest, manifest.bytes, MANIFEST);
    // Registries that list by themselves say so; of those that forget to, the list tells.
    const isListed =
      answer['oci-subject'] === subject.digest ||
      (await askReferrers(client, reference, subject.digest))?.some(({ digest }) => digest === manifest.digest) ===
        true;
    if (!isListed) await listByTag(client, reference, subject.digest, entryOf(manifest, attachment));
    return { manifest: manifest.digest, subject: subject.digest, listedBy: isListed ? 'registry' : 'tag' };
  } catch (error) {
    options.signal.throwIfAborted();
    throw upstreamOf(error, reference.registry);
  }
}

const entryOf = (
  { mediaType, digest, size }: BlobDescriptor,
  { artifactType, annotations }: Attachment,
): BlobDescriptor & { artifactType: string } => ({
  ...{ mediaType, digest, size, artifactType },
  ...(annotations && { annotations }),
});

async function findSubject(client: RegistryClient, reference: Reference, wanted: string): Promise<RegistryDocument> {
  const read = (name: string): Promise<RegistryDocument> => client.manifest(name, [...INDEX_TYPES, ...MANIFEST_TYPES]);
  const isMeant = ({ digest, bytes }: RegistryDocument): boolean =>
    digest === wanted || leadsOf(bytes, reference).config?.digest === wanted;
  const top = await read(reference.digest ?? reference.tag ?? 'latest');
  if (isMeant(top)) return top;
  for (const { digest } of (leadsOf(top.bytes, reference).manifests ?? []).slice(0, MOST_PLATFORMS)) {
    const below = await read(digest);
    if (isMeant(below)) return below;
  }
  throw new UserError(`${formatReference(reference)} is ${top.digest}, and what was signed is about ${wanted}.`, {
    code: 'digest-mismatch',
    hint: `Name the image that was signed, ${reference.registry}/${reference.repository}@${wanted}, or sign for this one.`,
  });
}

function leadsOf(bytes: Buffer, { registry }: Reference): z.infer<typeof Leads> {
  try {
    return Leads.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw unreadable(registry, 'it is no manifest');
  }
}

/** Two who add at the same time would lose one of both: the list is read again until it holds what was added. */
async function listByTag(
  client: RegistryClient,
  reference: Reference,
  subject: string,
  entry: BlobDescriptor,
): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const { manifests } = await readTag(client, reference, subject);
    if (manifests.some(({ digest }) => digest === entry.digest)) return;
    const index = { schemaVersion: 2, mediaType: INDEX, manifests: [...manifests, entry] };
    await client.putManifest(tagOf(subject), Buffer.from(JSON.stringify(index)), INDEX);
  }
  const { manifests } = await readTag(client, reference, subject);
  if (manifests.some(({ digest }) => digest === entry.digest)) return;
  throw new UpstreamError(`${reference.registry} does not keep what is put under ${tagOf(subject)}.`, {
    code: 'registry-write-lost',
    hint: 'Somebody else may write there at the same time: try again.',
  });
}
