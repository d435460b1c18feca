import { createHash } from 'node:crypto';
import type { BlobStore } from './blob-store.ts';
import type { Fault } from './fault.ts';
import { type Json, list, object, parseDocument, text } from './json.ts';

/** An image as its manifest describes it, before its layers are read. */
export interface ImagePlan {
  /** Digest of the config. */
  id: string;
  source: 'docker-archive' | 'oci';
  references: string[];
  manifestDigests: string[];
  config: Json;
  /** Of the manifest; archives of Docker have none. */
  annotations: Json;
  layers: LayerPlan[];
  diffIds: string[];
  faults: Fault[];
}

export interface LayerPlan {
  /** Name in the blob store. */
  blob: string;
  digest?: string;
  size?: number;
}

export interface Plans {
  images: ImagePlan[];
  /** What concerns no image that can be named. */
  faults: Fault[];
}

/** Layers of one image beyond this are an attack: overlayfs takes 128 at most, and formats far less than this. */
export const MOST_LAYERS = 1000;

/** Digest of bytes, `sha256:...`. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The images of a `docker save` archive, from its `manifest.json`. */
export async function resolveDockerArchive(store: BlobStore): Promise<Plans> {
  const plans: Plans = { images: [], faults: [] };
  const manifest = parseDocument(await store.document('manifest.json'));
  if (!Array.isArray(manifest)) {
    plans.faults.push({
      code: 'manifest-unreadable',
      message: 'manifest.json is no list of images',
      path: 'manifest.json',
    });
    return plans;
  }
  for (const item of manifest.slice(0, MOST_LAYERS)) {
    const { Config, RepoTags, Layers } = object(item);
    const bytes = await store.document(text(Config) ?? '');
    const config = object(parseDocument(bytes));
    if (bytes === undefined || config['rootfs'] === undefined) {
      const message = `The config of an image is missing or no JSON: ${text(Config) ?? 'not named'}`;
      plans.faults.push({ code: 'config-unreadable', message, path: 'manifest.json' });
      continue;
    }
    const id = digestOf(bytes);
    const faults: Fault[] = [];
    const stated = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/.exec(text(Config)!);
    if (stated !== null && `sha256:${stated[1]}` !== id) {
      const message = `The config is named ${stated[1]}, but its digest is ${id}`;
      faults.push({ code: 'digest-mismatch', message, path: text(Config)! });
    }
    const layers = list(Layers).map((layer) => ({ blob: text(layer) ?? '' }));
    const references = list(RepoTags).flatMap((tag) => text(tag) ?? []);
    plans.images.push({
      id,
      source: 'docker-archive',
      references,
      manifestDigests: [],
      config,
      annotations: {},
      layers,
      diffIds: diffIdsOf(config),
      faults,
    });
  }
  if (plans.images.length === 0 && plans.faults.length === 0) {
    plans.faults.push({ code: 'image-missing', message: 'manifest.json names no image', path: 'manifest.json' });
  }
  return plans;
}

/** The `diff_ids` of a config. */
export function diffIdsOf(config: Json): string[] {
  return list(object(config['rootfs'])['diff_ids']).map((id) => text(id) ?? '');
}
