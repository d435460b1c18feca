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
