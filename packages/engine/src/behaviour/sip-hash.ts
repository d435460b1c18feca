/** `somepseudorandomlygeneratedbytes`, with which every state begins: halves of 32 bits, the low one first. */
const START = [0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462] as const;
const ROUNDS = 2;
const LAST_ROUNDS = 4;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of the first `length` bytes under a key of 16 bytes, as 16 hexadecimal
 * digits. The bytes need room for 8 more. Words are halves of 32 bits in variables of their own: BigInt takes twenty times
 * as long, and a table of them four times.
 */
export function sipHash(key: Uint8Array, bytes: Uint8Array, length: number): string {
  const whole = length & ~7;
  bytes.fill(0, length, whole + 8);
  bytes[whole + 7] = length & 0xff;
  let v0l = START[0] ^ wordAt(key, 0);
  let v0h = START[1] ^ wordAt(key, 4);
  let v1l = START[2] ^ wordAt(key, 8);
  let v1h = START[3] ^ wordAt(key, 12);
  let v2l = START[4] ^ wordAt(key, 0);
  let v2h = START[5] ^ wordAt(key, 4);
  let v3l = START[6] ^ wordAt(key, 8);
  let v3h = START[7] ^ wordAt(key, 12);
  // The last turn takes no word.
  for (let at = 0; at <= whole + 8; at += 8) {
    const isLast = at > whole;
    const low = isLast ? 0 : wordAt(bytes, at);
    const high = isLast ? 0 : wordAt(bytes, at + 4);
    v3l ^= low;
    v3h ^= high;
    if (isLast) v2l ^= 0xff;
    for (let round = isLast ? LAST_ROUNDS : ROUNDS; round > 0; round--) {
      // v0 += v1; v1 = rotated v1 by 13 ^ v0; v0 rotated by 32
      let sum = (v0l >>> 0) + (v1l >>> 0);
      let up = (v0h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
      sum |= 0;
      let turned = ((v1l << 13) | (v1h >>> 19)) ^ sum;
      v1h = ((v1h << 13) | (v1l >>> 19)) ^ up;
      v1l = turned;
      v0l = up;
      v0h = sum;
      // v2 += v3; v3 = rotated v3 by 16 ^ v2
      sum = (v2l >>> 0) + (v3l >>> 0);
      v2h = (v2h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
      v2l = sum | 0;
      turned = ((v3l << 16) | (v3h >>> 16)) ^ v2l;
      v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
      v3l = turned;
      // v0 += v3; v3 = rotated v3 by 21 ^ v0
      sum = (v0l >>> 0) + (v3l >>> 0);
      v0h = (v0h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
      v0l = sum | 0;
      turned = ((v3l << 21) | (v3h >>> 11)) ^ v0l;
      v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
      v3l = turned;
      // v2 += v1; v1 = rotated v1 by 17 ^ v2; v2 rotated by 32
      sum = (v2l >>> 0) + (v1l >>> 0);
      up = (v2h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
      sum |= 0;
      turned = ((v1l << 17) | (v1h >>> 15)) ^ sum;
      v1h = ((v1h << 17) | (v1l >>> 15)) ^ up;
      v1l = turned;
      v2l = up;
      v2h = sum;
    }
    v0l ^= low;
    v0h ^= high;
  }
  return `${spell(v0h ^ v1h ^ v2h ^ v3h)}${spell(v0l ^ v1l ^ v2l ^ v3l)}`;
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

const spell = (half: number): string => (half >>> 0).toString(16).padStart(8, '0');
