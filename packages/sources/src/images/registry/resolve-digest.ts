import { UpstreamError } from '@breakwater/model';
import { connectRegistry, type RegistryOptions, upstreamOf } from './connect-registry.ts';
import { referenceOf } from './list-registry.ts';
import { INDEX_TYPES, MANIFEST_TYPES } from './media-types.ts';
import type { Reference } from './reference.ts';
import type { RegistryClient } from './registry-client.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MEDIA_TYPE = /^[\w!#$&^.+/-]{1,255}$/;

/** What a name stands for in a registry now. */
export interface ResolvedDigest {
  /** `sha256:...` of the manifest or the index. */
  digest: string;
  /** Of the manifest or the index; empty where the registry does not say. */
  mediaType: string;
}

/**
 * The digest that a tag has now, by `HEAD`: nothing is downloaded, and Docker Hub does not count it as a pull. Where the
 * registry does not say it (distribution-spec makes the header optional), the manifest is read and its digest computed.
 * Throws `UserError` (`image-not-found`, `registry-refused`) and `UpstreamError`.
 */
export async function resolveDigest(
  reference: string | Reference,
  options: RegistryOptions & { signal?: AbortSignal } = {},
): Promise<ResolvedDigest> {
  const place = referenceOf(reference);
  const signal = options.signal ?? new AbortController().signal;
  try {
    return await askDigest(await connectRegistry(place, { ...options, signal }), place);
  } catch (error) {
    signal.throwIfAborted();
    throw upstreamOf(error, place.registry);
  }
}

/** The same with a client that is there already. */
export async function askDigest(client: RegistryClient, reference: Reference): Promise<ResolvedDigest> {
  const name = reference.digest ?? reference.tag ?? 'latest';
  const accept = [...INDEX_TYPES, ...MANIFEST_TYPES];
  const headers = await client.head(name, accept);
  const stated = headers['docker-content-digest'];
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]!.trim();
  if (typeof stated !== 'string' || !DIGEST.test(stated)) {
    const document = await client.manifest(name, accept);
    return { digest: document.digest, mediaType: document.mediaType };
  }
  if (reference.digest !== undefined && stated !== reference.digest) {
    throw new UpstreamError(`${reference.registry} answered ${stated} when asked for ${reference.digest}`, {
      code: 'digest-mismatch',
      hint: 'do not use this registry until its operator has explained it',
    });
  }
  return { digest: stated, mediaType: MEDIA_TYPE.test(mediaType) ? mediaType : '' };
}
