import { type Unknown, UserError } from '@breakwater/model';
import { z } from 'zod';
import { connectRegistry, type RegistryOptions, upstreamOf } from './connect-registry.ts';
import { readPages, referenceOf, unreadable } from './list-registry.ts';
import { formatReference, type Reference } from './reference.ts';
import type { RegistryClient } from './registry-client.ts';

/** Media type of a list of what refers to an image. */
export const INDEX = 'application/vnd.oci.image.index.v1+json';
/** Media type of a config that says nothing: `{}`. */
export const EMPTY = 'application/vnd.oci.empty.v1+json';
/** Media type of what refers to it. */
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Descriptor = z.looseObject({
  mediaType: z.string(),
  digest: Digest,
  size: z.number().int().nonnegative(),
  artifactType: z.string().optional(),
});
const Index = z.looseObject({ manifests: z.array(Descriptor).max(10_000) });
const Kind = z.looseObject({ artifactType: z.string().optional() });
const Artifact = z.looseObject({
  layers: z.tuple([Descriptor]),
  subject: z.looseObject({ digest: Digest }),
});

/** One of what refers to an image, as its list says (image-spec, "Descriptor"). */
export type Referrer = z.infer<typeof Descriptor>;

/** More of one kind on one image are left unread: who may write to a registry must not keep us busy. */
const MOST = 32;

/** What refers to an image, read. */
export interface AttachedDocument {
  /** Digest of the manifest that is referred to. */
  subject: string;
  /** Of the manifest that refers. */
  manifest: string;
  bytes: Buffer;
}

/**
 * Reads what of one kind is attached to an image in its registry, as artifacts of one layer, by each of the digests that name
 * the image. What cannot be read is an unknown; throws `UserError` and `UpstreamError` where the registry cannot be asked.
 */
export async function readReferrers(
  named: string | Reference,
  digests: readonly string[],
  { artifactType, largest }: { artifactType: string; largest: number },
  options: RegistryOptions & { signal: AbortSignal },
): Promise<{ found: AttachedDocument[]; unknowns: Unknown[] }> {
  const reference = referenceOf(named);
  const place = { source: formatReference(reference) };
  const found: AttachedDocument[] = [];
  const unknowns: Unknown[] = [];
  try {
    const client = await connectRegistry(reference, options);
    for (const subject of new Set(digests)) {
      const listed = (await listReferrers(client, reference, subject)).filter((one) => mayBe(one, artifactType));
      if (listed.length > MOST) {
        const message = `${listed.length} of ${artifactType} are attached, of which ${MOST} were read`;
        unknowns.push({ code: 'referrers-too-many', message, place });
      }
      for (const { digest } of listed.slice(-MOST)) {
        try {
          const bytes = await readOne(client, digest, { subject, artifactType, largest });
          if (bytes !== undefined) found.push({ subject, manifest: digest, bytes });
        } catch (error) {
          options.signal.throwIfAborted();
          const { message } = upstreamOf(error, reference.registry);
          unknowns.push({ code: 'referrer-unreadable', message, place: { ...place, path: digest } });
        }
      }
    }
    return { found, unknowns };
  } catch (error) {
    options.signal.throwIfAborted();
    throw upstreamOf(error, reference.registry);
  }
}

/**
 * What refers to a manifest: by the API for it, and where a registry has none, by the tag under which clients keep the list
 * there (distribution-spec 1.1, "Referrers Tag Schema").
 */
async function listReferrers(client: RegistryClient, reference: Reference, digest: string): Promise<Referrer[]> {
  return (await askReferrers(client, reference, digest)) ?? (await readTag(client, reference, digest)).manifests;
}

/** What a registry itself says refers to a manifest (distribution-spec 1.1, "Listing Referrers"); undefined where it does not. */
export async function askReferrers(
  client: RegistryClient,
  { registry, repository }: Reference,
  digest: string,
): Promise<Referrer[] | undefined> {
  const found: Referrer[] = [];
  try {
    for await (const page of readPages(client, registry, `/v2/${repository}/referrers/${digest}`)) {
      const index = Index.safeParse(page).data;
      if (index === undefined) throw unreadable(registry, 'it is no list of what refers to an image');
      found.push(...index.manifests);
      if (found.length > 10_000) throw unreadable(registry, 'more than 10000 refer to one image');
    }
    return found;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The list under the tag of the schema, whole; one without entries where there is none yet. */
export async function readTag(
  client: RegistryClient,
  { registry }: Reference,
  digest: string,
): Promise<z.infer<typeof Index>> {
  try {
    const { bytes } = await client.manifest(tagOf(digest), [INDEX]);
    const index = Index.safeParse(parse(bytes)).data;
    if (index === undefined) throw unreadable(registry, 'it is no list of what refers to an image');
    return index;
  } catch (error) {
    if (isMissing(error)) return { manifests: [] };
    throw error;
  }
}

/** `sha256-HEX`. */
export const tagOf = (digest: string): string => digest.replace(':', '-');

/** Some registries list the kind of the config, which says nothing, in place of the artifact's. */
const mayBe = ({ artifactType }: Referrer, wanted: string): boolean =>
  artifactType === wanted || artifactType === undefined || artifactType === EMPTY;

/** Undefined for what is of another kind. */
async function readOne(
  client: RegistryClient,
  digest: string,
  { subject, artifactType, largest }: { subject: string; artifactType: string; largest: number },
): Promise<Buffer | undefined> {
  const content = parse((await client.manifest(digest, [MANIFEST])).bytes);
  if (Kind.safeParse(content).data?.artifactType !== artifactType) return undefined;
  const artifact = Artifact.safeParse(content).data;
  if (artifact?.subject.digest !== subject)
    throw new UserError(`${digest} is no document about ${subject}`, { code: 'referrer-invalid' });
  return (await client.blob(artifact.layers[0].digest, largest)).bytes;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

const isMissing = (error: unknown): boolean => error instanceof UserError && error.code === 'image-not-found';
