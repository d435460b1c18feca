import type { BlobStore } from './blob-store.ts';
import type { Fault } from './fault.ts';
import { type Json, list, object, parseDocument, text } from './json.ts';
import { diffIdsOf, digestOf, type ImagePlan, type LayerPlan, MOST_LAYERS, type Plans } from './resolve-images.ts';

const DEEPEST_INDEX = 8;
const MOST_MANIFESTS = 1000;
const DIGEST = /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;
/** A signed profile of behaviour, beside the image that it is of. */
const PROFILE_ARTIFACT = 'application/vnd.breakwater.behaviour-profile.v1+json';
const CONFIG_TYPES = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

/** Which platform of a multi-platform image is wanted: `linux/arm64/v8`; the variant may be left out. */
export type PlatformFilter = string | undefined;

/**
 * The images of an OCI layout: its index, the indexes in it, each manifest once. Attestations that BuildKit stores
 * beside an image are left aside; artifacts that are no images are said to be none.
 */
export async function resolveLayout(store: BlobStore, platform: PlatformFilter): Promise<Plans> {
  const walk = new LayoutWalk(store, platform);
  const index = parseDocument(await store.document('index.json'));
  if (!Array.isArray(object(index)['manifests'])) {
    return {
      images: [],
      faults: [{ code: 'index-unreadable', message: 'index.json is no index of images', path: 'index.json' }],
    };
  }
  await walk.visitIndex(object(index), [], undefined, 0);
  if (walk.images.size === 0 && walk.faults.length === 0) {
    const message = platform === undefined ? 'The layout holds no image' : `The layout holds no image for ${platform}`;
    walk.faults.push({ code: 'image-missing', message, path: 'index.json' });
  }
  return { images: [...walk.images.values()], faults: walk.faults };
}

class LayoutWalk {
  readonly images = new Map<string, ImagePlan>();
  readonly faults: Fault[] = [];
  readonly #store: BlobStore;
  readonly #platform: PlatformFilter;
  readonly #seen = new Set<string>();
  #visited = 0;

  constructor(store: BlobStore, platform: PlatformFilter) {
    this.#store = store;
    this.#platform = platform;
  }

  async visitIndex(index: Json, indexes: string[], name: string | undefined, depth: number): Promise<void> {
    for (const item of list(index['manifests'])) {
      const descriptor = object(item);
      this.#visited += 1;
      if (this.#visited > MOST_MANIFESTS) {
        this.#fault('layout-too-large', `More than ${MOST_MANIFESTS} manifests: the rest was not read`);
        return;
      }
      await this.#visitDescriptor(descriptor, indexes, nameOf(descriptor) ?? name, depth);
    }
  }

  async #visitDescriptor(descriptor: Json, indexes: string[], name: string | undefined, depth: number): Promise<void> {
    const digest = text(descriptor['digest']) ?? '';
    if (!DIGEST.test(digest)) return this.#fault('digest-malformed', `A descriptor has no digest but "${digest}"`);
    if (isAttestation(descriptor) || !matchesPlatform(descriptor['platform'], this.#platform)) return;
    const known = this.images.get(digest);
    if (known !== undefined) return addNames(known, name, indexes);
    if (this.#seen.has(digest)) return;
    this.#seen.add(digest);
    const bytes = await this.#read(descriptor, digest);
    const document = object(parseDocument(bytes));
    if (bytes === undefined) return;
    if (Array.isArray(document['manifests'])) {
      if (depth >= DEEPEST_INDEX)
        return this.#fault('layout-too-deep', `Indexes are nested more than ${DEEPEST_INDEX} deep`, digest);
      return this.visitIndex(document, [...indexes, digest], name, depth + 1);
    }
    await this.#visitManifest(document, digest, indexes, name);
  }

  async #visitManifest(manifest: Json, digest: string, indexes: string[], name: string | undefined): Promise<void> {
    const config = object(manifest['config']);
    const type = text(config['mediaType']) ?? '';
    if (!CONFIG_TYPES.has(type) || manifest['subject'] !== undefined) {
      const shown = text(manifest['artifactType']) ?? (type || 'an unknown type');
      // What we attach to an image ourselves says nothing that is not read.
      if (shown === PROFILE_ARTIFACT && manifest['subject'] !== undefined) return;
      return this.#fault('not-an-image', `${name ?? digest} is no image, but ${shown}`, digest);
    }
    const configDigest = text(config['digest']) ?? '';
    if (!DIGEST.test(configDigest))
      return this.#fault('digest-malformed', `A config has no digest but "${configDigest}"`, digest);
    const bytes = await this.#read(config, configDigest);
    if (bytes === undefined) return;
    const content = object(parseDocument(bytes));
    if (
      !matchesPlatform(
        { os: content['os'], architecture: content['architecture'], variant: content['variant'] },
        this.#platform,
      )
    )
      return;
    if (content['rootfs'] === undefined)
      return this.#fault('config-unreadable', 'The config of an image is no JSON of a config', configDigest);
    const plan: ImagePlan = {
      id: configDigest,
      source: 'oci',
      references: [],
      manifestDigests: [digest],
      config: content,
      annotations: object(manifest['annotations']),
      layers: [],
      diffIds: diffIdsOf(content),
      faults: [],
    };
    for (const layer of list(manifest['layers']).slice(0, MOST_LAYERS))
      plan.layers.push(this.#layer(object(layer), plan));
    addNames(plan, name, indexes);
    this.images.set(digest, plan);
  }

  #layer(descriptor: Json, plan: ImagePlan): LayerPlan {
    const digest = text(descriptor['digest']) ?? '';
    if (!DIGEST.test(digest)) {
      plan.faults.push({ code: 'digest-malformed', message: `A layer has no digest but "${digest}": it was not read` });
      return { blob: '' };
    }
    const size = descriptor['size'];
    return { blob: blobName(digest), digest, ...(typeof size === 'number' && { size }) };
  }

  async #read(descriptor: Json, digest: string): Promise<Buffer | undefined> {
    const name = blobName(digest);
    const bytes = await this.#store.document(name);
    if (bytes === undefined) {
      const why = this.#store.has(name) ? 'is too large for a document' : 'is missing';
      this.#fault('blob-missing', `Blob ${digest} ${why}`, name);
    } else if (digest.startsWith('sha256:') && digestOf(bytes) !== digest) {
      this.#fault('digest-mismatch', `Blob ${digest} has the digest ${digestOf(bytes)}: it was not read`, name);
      return undefined;
    } else if (typeof descriptor['size'] === 'number' && descriptor['size'] !== bytes.length) {
      this.#fault('size-mismatch', `Blob ${digest} has ${bytes.length} bytes, not ${descriptor['size']}`, name);
    }
    return bytes;
  }

  #fault(code: string, message: string, path?: string): void {
    this.faults.push({ code, message, ...(path !== undefined && { path }) });
  }
}

function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** A tag of the layout. containerd writes the whole name beside it. */
function nameOf(descriptor: Json): string | undefined {
  const annotations = object(descriptor['annotations']);
  return text(annotations['io.containerd.image.name']) ?? text(annotations['org.opencontainers.image.ref.name']);
}

function addNames(plan: ImagePlan, name: string | undefined, indexes: string[]): void {
  if (name !== undefined && !plan.references.includes(name)) plan.references.push(name);
  for (const digest of indexes) if (!plan.manifestDigests.includes(digest)) plan.manifestDigests.push(digest);
}

function isAttestation(descriptor: Json): boolean {
  const kind = object(descriptor['annotations'])['vnd.docker.reference.type'];
  return kind === 'attestation-manifest' || object(descriptor['platform'])['os'] === 'unknown';
}

function matchesPlatform(stated: unknown, filter: PlatformFilter): boolean {
  if (filter === undefined || typeof stated !== 'object' || stated === null) return true;
  const { os, architecture, variant } = stated as Json;
  const [wantedOs, wantedArchitecture, wantedVariant] = filter.split('/');
  if (os !== wantedOs || architecture !== wantedArchitecture) return false;
  return wantedVariant === undefined || variant === undefined || variant === wantedVariant;
}
