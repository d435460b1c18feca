/** Numbers of a foreign file. What lies beyond its end reads as 0: headers that lie lead to nothing, never to an error. */
export class ByteView {
  readonly bytes: Buffer;
  readonly #little: boolean;

  constructor(bytes: Buffer, little: boolean) {
    this.bytes = bytes;
    this.#little = little;
  }

  u16(at: number): number {
    if (!this.#holds(at, 2)) return 0;
    return this.#little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  u32(at: number): number {
    if (!this.#holds(at, 4)) return 0;
    return this.#little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  /** Exact up to 2^53, which no place in a file reaches. */
  u64(at: number): number {
    const [low, high] = this.#little ? [at, at + 4] : [at + 4, at];
    return this.u32(high) * 2 ** 32 + this.u32(low);
  }

  /** A number as wide as a pointer. */
  word(at: number, size: number): number {
    return size === 8 ? this.u64(at) : this.u32(at);
  }

  /** Text up to a zero byte. */
  text(at: number, longest: number): string {
    const end = this.bytes.subarray(at, at + longest).indexOf(0);
    return this.bytes.toString('latin1', at, end === -1 ? at + longest : at + end);
  }

  #holds(at: number, size: number): boolean {
    return at >= 0 && at + size <= this.bytes.length;
  }
}
