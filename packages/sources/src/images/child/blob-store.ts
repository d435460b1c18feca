import type { LayerContents } from './layer-contents.ts';
import type { LayerRead } from './layer-reader.ts';

/** The blobs of an image source, by name: documents whole, layers as what one pass over them told. */
export interface BlobStore {
  /** Names of all blobs: `blobs/sha256/…`, `manifest.json`, `abc/layer.tar`. */
  has(name: string): boolean;
  /** A JSON document, or undefined where it is missing or larger than a document can be. */
  document(name: string): Promise<Buffer | undefined>;
  /** Bytes stored under a name. */
  size(name: string): number | undefined;
  layer(name: string): Promise<LayerRead | undefined>;
  /** Whether a layer was put together anew, so that its digest says nothing. */
  isUnverified?(name: string): boolean;
  /** Contents of some more files of a layer, where it can be read again. */
  reread(name: string, paths: ReadonlySet<string>): Promise<LayerContents | undefined>;
}

/** Manifests stay below 4 MiB by the distribution spec; configs with long histories are granted more. */
export const LARGEST_DOCUMENT = 8 * 1024 * 1024;
