/** 256 KiB instead of Node's 16 doubles the speed of inflating. */
export const OUTPUT_CHUNK = 256 * 1024;

/** Takes unpacked bytes; a promise holds the unpacking back until it settles. */
export type Use = (bytes: Buffer) => undefined | Promise<void>;

/** Bytes go in, unpacked bytes come out through a `Use`. */
export interface Unpacker {
  /** Settles when the bytes are used up and may be overwritten. Rejects where they are damaged. */
  write(bytes: Buffer): undefined | Promise<void>;
  /** Settles when everything came out. Rejects where the stream is cut. */
  end(): Promise<void>;
}

/** Inflates one stream of deflate (RFC 1951) that ends by itself. */
export interface Inflater {
  /**
   * Settles when the bytes may be overwritten: with what follows the end of the stream, or undefined where it goes on.
   * Rejects where the stream is damaged, after what came out before.
   */
  write(bytes: Buffer): Promise<Buffer | undefined>;
  /** Settles when everything came out, also of a stream that is cut. Nothing is written after it. */
  close(): Promise<void>;
}
