import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { connectRegistry, type RegistryOptions, upstreamOf } from './connect-registry.ts';
import { readPages, referenceOf, unreadable } from './list-registry.ts';
import { INDEX_TYPES } from './media-types.ts';
import type { Reference } from './reference.ts';
import type { RegistryClient } from './registry-client.ts';
import { askDigest } from './resolve-digest.ts';

/** A signature, an SBOM or another statement that a registry holds about an image. */
export interface Referrer {
  /** Of its manifest. */
  digest: string;
  mediaType: string;
  /** Bytes of its manifest. */
  size: number;
  /** `application/vnd.dev.sigstore.bundle.v0.3+json`; absent where the registry does not say. */
  artifactType?: string;
  annotations: Record<string, string>;
}

export interface ReferrerOptions extends RegistryOptions {
  signal?: AbortSignal;
  /** Only those of this type. */
  artifactType?: string;
}

/** More are not read: an image has a handful. */
const MOST = 1000;
const Descriptor = z.object({
  mediaType: z.string().max(255),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
  artifactType: z.string().max(255).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const Index = z.object({ manifests: z.array(z.unknown()) });

/**
 * What a registry holds about an image, in its own order (distribution-spec 1.1, "Listing Referrers"); from the tag
 * `sha256-DIGEST` where it does not know that question ("Referrers Tag Schema"). Empty where there is nothing. A tag is
 * resolved first. What is listed is a claim of the registry: read each by its digest. Throws `UserError` and
 * `UpstreamError`.
 */
export async function listReferrers(reference: string | Reference, options: ReferrerOptions = {}): Promise<Referrer[]> {
  const place = referenceOf(reference);
  const signal = options.signal ?? new AbortController().signal;
  try {
    const client = await connectRegistry(place, { ...options, signal });
    const digest = place.digest ?? (await askDigest(client, place)).digest;
    const found = (await askReferrers(client, place, digest)) ?? (await readTagSchema(client, place, digest));
    const unique = [...new Map(found.map((referrer) => [referrer.digest, referrer])).values()];
    return unique.filter(
      ({ artifactType }) => options.artifactType === undefined || artifactType === options.artifactType,
    );
  } catch (error) {
    signal.throwIfAborted();
    throw upstreamOf(error, place.registry);
  }
}

async function askReferrers(
  client: RegistryClient,
  { registry, repository }: Reference,
  digest: string,
): Promise<Referrer[] | undefined> {
  const found: Referrer[] = [];
  try {
    for await (const page of readPages(client, registry, `/v2/${repository}/referrers/${digest}`)) {
      found.push(...referrersIn(page, registry));
      if (found.length >= MOST) break;
    }
    return found.slice(0, MOST);
  } catch (error) {
    if (isAbsent(error) && found.length === 0) return undefined;
    throw error;
  }
}

async function readTagSchema(client: RegistryClient, { registry }: Reference, digest: string): Promise<Referrer[]> {
  try {
    const { bytes } = await client.manifest(digest.replace(':', '-'), INDEX_TYPES);
    return referrersIn(JSON.parse(bytes.toString('utf8')), registry).slice(0, MOST);
  } catch (error) {
    if (isAbsent(error)) return [];
    if (error instanceof SyntaxError) throw unreadable(registry, 'it is no JSON');
    throw error;
  }
}

function referrersIn(document: unknown, registry: string): Referrer[] {
  const { manifests } = Index.safeParse(document).data ?? {};
  if (manifests === undefined) throw unreadable(registry, 'it holds no referrers');
  return manifests.flatMap((item) => {
    const descriptor = Descriptor.safeParse(item).data;
    if (descriptor === undefined) return [];
    const { artifactType, annotations = {}, ...rest } = descriptor;
    return [{ ...rest, ...(artifactType !== undefined && { artifactType }), annotations }];
  });
}

function isAbsent(error: unknown): boolean {
  return error instanceof UserError && error.code === 'image-not-found';
}
