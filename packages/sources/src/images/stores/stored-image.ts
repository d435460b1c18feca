/** An image as an engine keeps it on a disk. */
export interface StoredImage {
  /** The config, whose digest is the image's id. */
  config: Buffer;
  /** `docker.io/library/alpine:3.10`. */
  names: string[];
  /** Digests of the manifests under which it was pulled or pushed. */
  digests: string[];
  /** Of its manifest, where that is kept. */
  annotations?: Record<string, string>;
  /** From the lowest to the highest. */
  layers: StoredLayer[];
}

/** A layer, unpacked into a folder. */
export interface StoredLayer {
  diffId: string;
  folder: string;
  /** File of the headers of its tar; absent where the engine kept none. */
  split?: string;
  /** It is the state of a container, which no digest names. */
  isState?: boolean;
  /** Bytes of its tar, where that is kept. */
  size?: number;
}
