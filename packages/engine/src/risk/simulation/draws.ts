/** 64 bits that stand for a name: what every draw is keyed by. */
export interface DrawKey {
  high: number;
  low: number;
}

/** Threshold of an event that always happens: the only one that draws nothing. */
export const ALWAYS = -1;

const CERTAIN = 1 - 2 ** -32;

/**
 * A probability as a 32-bit threshold (unsigned bits in a signed number, which is what engines are fast with): the
 * event happens where a world's uniform number lies below it.
 */
export function thresholdOf(probability: number): number {
  if (!(probability > 0)) return 0;
  if (probability >= CERTAIN) return ALWAYS;
  return Math.max(1, Math.floor(probability * 2 ** 32)) | 0;
}

/** Finaliser of MurmurHash3: every input bit changes every output bit. */
export function mix(value: number): number {
  let state = value;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}

/**
 * Key of a name, from the name and the seed alone (two chained multiply-xor hashes). A hundred thousand names in 64
 * bits do not meet, so that no two edges share their worlds by accident.
 */
export function drawKey(name: string, seed: number): DrawKey {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
    high ^= low >>> 15;
    low ^= high >>> 13;
  }
  return { high: mix(high ^ (low >>> 7)), low: mix(low ^ (high >>> 11)) };
}

/**
 * In which of the 32 worlds of a word an event happens: a bit a world, only the worlds of `mask` are decided.
 *
 * Each world has a uniform number of 32 bits, fixed by key and word; it is compared with the threshold bit by bit
 * from the highest, for all worlds of the mask at once, and as soon as all are decided the rest is not drawn. So a
 * higher threshold opens the same worlds and more: that is what keeps sums monotone and bounds in order.
 */
export function drawn(high: number, low: number, threshold: number, word: number, mask: number): number {
  if (threshold === ALWAYS) return mask;
  let undecided = mask;
  let happens = 0;
  let state = mix(high ^ Math.imul(word + 1, 0x9e3779b1)) ^ low;
  let rest = threshold;
  do {
    // Four digits between questions: cheaper than a branch after each.
    for (let digits = 0; digits < 4; digits++) {
      state = (state + 0x6d2b79f5) | 0;
      let bits = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
      bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
      bits ^= bits >>> 16;
      const digit = rest >> 31;
      happens |= undecided & ~bits & digit;
      undecided &= ~(bits ^ digit);
      rest <<= 1;
    }
  } while (rest !== 0 && undecided !== 0);
  return happens;
}
