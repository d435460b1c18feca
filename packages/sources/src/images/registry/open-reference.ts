import { type Unknown, UpstreamError, UserError } from '@breakwater/model';
import { z } from 'zod';
import type { OpenedTarget } from '../open-target.ts';
import { connectRegistry, PATIENCE, type RegistryOptions, upstreamOf } from './connect-registry.ts';
import { streamLayer } from './layer-stream.ts';
import { INDEX_TYPES, MANIFEST_TYPES } from './media-types.ts';
import { choosePlatform, formatPlatform, hostPlatform } from './platform.ts';
import { formatReference, type Reference } from './reference.ts';
import type { RegistryClient, RegistryDocument } from './registry-client.ts';

/** Layers downloaded at the same time: as many as are parsed. */
const AT_ONCE = 2;
const DEEPEST_INDEX = 4;
/** Each takes a descriptor of the parser; overlayfs takes 128 at most. */
const MOST_LAYERS = 500;

const Descriptor = z.object({
  mediaType: z.string().optional(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
});
const Platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
const Index = z.object({ manifests: z.array(Descriptor.extend({ platform: Platform.optional() })).max(1000) });
const Manifest = z.object({ config: Descriptor, layers: z.array(Descriptor).max(MOST_LAYERS) });

/** What a registry says an image is: its manifest, its config, the indexes that led there. */
interface Described {
  manifest: RegistryDocument;
  config: RegistryDocument;
  layers: { digest: string; size: number }[];
  /** Digests of the indexes. */
  indexes: string[];
}

/**
 * Opens an image of a registry for the parser behind the wall: its documents, read and held to their digests here, and
 * a stream for each layer. Of a multi-platform image one platform is read, by default the host's. Throws `UserError`
 * and `UpstreamError`; a layer that cannot be had becomes an unknown instead. Layers
 * that `isKept` knows are not downloaded.
 */
export async function openReference(
  reference: Reference,
  platform: string | undefined,
  options: RegistryOptions & { signal: AbortSignal; isKept: (digest: string) => Promise<boolean> },
): Promise<OpenedTarget> {
  const { silence, firstWait } = { ...PATIENCE, ...options };
  const name = formatReference(reference);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  try {
    const client = await connectRegistry(reference, { ...options, signal });
    const { manifest, config, layers, indexes } = await describe(client, reference, platform);
    const unknowns: Unknown[] = [];
    const turn = turns(AT_ONCE);
    const unique = [...new Map(layers.map((layer) => [layer.digest, layer])).values()];
    const kept = new Set<string>();
    for (const { digest } of unique) if (await options.isKept(digest)) kept.add(digest);
    const missing = unique.filter(({ digest }) => !kept.has(digest));
    const files = missing.map((layer) =>
      streamLayer(client, {
        ...layer,
        silence,
        firstWait,
        turn,
        onFailure: (error) => {
          if (!signal.aborted) unknowns.push(layerUnknown(error, layer.digest, name));
        },
      }),
    );
    const close = async (): Promise<void> => {
      stop.abort();
      for (const file of files) file.destroy();
    };
    const index = indexOf(manifest, name);
    const documents = Object.fromEntries(
      [
        ['index.json', index] as const,
        ...[manifest, config].map(({ digest, bytes }) => [pathOf(digest), bytes] as const),
      ].map(([path, bytes]) => [path, bytes.toString('base64')]),
    );
    const named = unique.map(({ digest, size }) => ({ name: pathOf(digest), size, kept: kept.has(digest) }));
    return { opened: { kind: 'registry', files: named, documents }, files, unknowns, close, indexes };
  } catch (error) {
    stop.abort();
    options.signal.throwIfAborted();
    throw upstreamOf(error, reference.registry);
  }
}

/**
 * By which digests a name goes now, of one platform: its config's, and those of its manifest and of indexes that lead to it.
 * Nothing but documents is downloaded. Throws `UserError` and `UpstreamError`.
 */
export async function resolveImage(
  reference: Reference,
  platform: string | undefined,
  options: RegistryOptions & { signal: AbortSignal },
): Promise<{ id: string; manifestDigests: string[] }> {
  try {
    const { config, manifest, indexes } = await describe(
      await connectRegistry(reference, options),
      reference,
      platform,
    );
    return { id: config.digest, manifestDigests: [manifest.digest, ...indexes] };
  } catch (error) {
    options.signal.throwIfAborted();
    throw upstreamOf(error, reference.registry);
  }
}

/** Follows indexes to the manifest of one platform. */
async function describe(
  client: RegistryClient,
  reference: Reference,
  platform: string | undefined,
): Promise<Described> {
  const name = formatReference(reference);
  const indexes: string[] = [];
  let wanted = reference.digest ?? reference.tag ?? 'latest';
  for (let depth = 0; depth <= DEEPEST_INDEX; depth++) {
    const document = await client.manifest(wanted, [...INDEX_TYPES, ...MANIFEST_TYPES]);
    const content = parse(document, name);
    const index = Index.safeParse(content).data;
    if (index === undefined) {
      const manifest = Manifest.safeParse(content).data;
      if (manifest === undefined) throw malformed(name, document.mediaType);
      const config = await client.blob(manifest.config.digest);
      return { manifest: document, config, layers: manifest.layers, indexes };
    }
    indexes.push(document.digest);
    const choice = choosePlatform(index.manifests, platform ?? hostPlatform());
    if (choice === undefined) {
      const offers = index.manifests.flatMap(({ platform: offer }) =>
        offer === undefined || offer.os === 'unknown' ? [] : formatPlatform(offer),
      );
      throw new UserError(`${name} has no image for ${platform ?? hostPlatform()}`, {
        code: 'platform-missing',
        hint: `it has ${offers.join(', ') || 'none with a platform'}: choose with --platform`,
      });
    }
    wanted = choice.digest;
  }
  throw new UpstreamError(`${name} has indexes nested more than ${DEEPEST_INDEX} deep`, { code: 'layout-too-deep' });
}

function parse({ bytes, mediaType }: RegistryDocument, name: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw malformed(name, mediaType);
  }
}

function malformed(name: string, mediaType: string): UpstreamError {
  const shown = /^[\w.+/-]{1,100}$/.test(mediaType) ? mediaType : 'an unknown type';
  return new UpstreamError(`${name} has a manifest (${shown}) that is none of an image of OCI or Docker schema 2`, {
    code: 'manifest-unreadable',
    hint: 'push the image again with a current tool',
  });
}

function indexOf({ digest, bytes, mediaType }: RegistryDocument, name: string): Buffer {
  const annotations = { 'io.containerd.image.name': name };
  return Buffer.from(JSON.stringify({ manifests: [{ mediaType, digest, size: bytes.length, annotations }] }));
}

function pathOf(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** Lets a few at a time have their turn, in the order in which they asked. */
function turns(atOnce: number): () => Promise<() => void> {
  let left = atOnce;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) left += 1;
    else next();
  };
  return async () => {
    if (left === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else left -= 1;
    return release;
  };
}

function layerUnknown(error: unknown, digest: string, name: string): Unknown {
  const why = error instanceof Error ? error.message : String(error);
  const message = `Layer ${digest} could not be downloaded: ${why}`;
  return { code: 'layer-not-downloaded', message, place: { source: name, path: digest }, hint: 'try again' };
}
