/** The four words of a state as halves of 32 bits, low half first: BigInt takes twenty times as long. */
type State = Int32Array;

const ROUNDS = 2;
const LAST_ROUNDS = 4;
/** `somepseudorandomlygeneratedbytes`, with which every state begins. */
const START = [0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462];
/** One at a time is hashed, and none keeps it. */
const state: State = new Int32Array(8);

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of the first `length` bytes under a key of 16 bytes, as 16 hexadecimal
 * digits. The bytes need room for 8 more.
 */
export function sipHash(key: Uint8Array, bytes: Uint8Array, length: number): string {
  for (let half = 0; half < 8; half++) state[half] = START[half]! ^ wordAt(key, (half % 4) * 4);
  const whole = length & ~7;
  for (let at = 0; at < whole; at += 8) absorb(state, wordAt(bytes, at), wordAt(bytes, at + 4));
  bytes.fill(0, length, whole + 8);
  absorb(state, wordAt(bytes, whole), wordAt(bytes, whole + 4) | (length << 24));
  state[4] = state[4]! ^ 0xff;
  for (let round = 0; round < LAST_ROUNDS; round++) turn(state);
  return `${spell(state[1]! ^ state[3]! ^ state[5]! ^ state[7]!)}${spell(state[0]! ^ state[2]! ^ state[4]! ^ state[6]!)}`;
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

const spell = (half: number): string => (half >>> 0).toString(16).padStart(8, '0');

function absorb(v: State, low: number, high: number): void {
  v[6] = v[6]! ^ low;
  v[7] = v[7]! ^ high;
  for (let round = 0; round < ROUNDS; round++) turn(v);
  v[0] = v[0]! ^ low;
  v[1] = v[1]! ^ high;
}

/** SipRound: additions with carry, and rotations of 64 bits. */
function turn(v: State): void {
  addAndRotate(v, 0, 2, 13);
  swapHalves(v, 0);
  addAndRotate(v, 4, 6, 16);
  addAndRotate(v, 0, 6, 21);
  addAndRotate(v, 4, 2, 17);
  swapHalves(v, 4);
}

/** `a += b; b = rotated b ^ a`. */
function addAndRotate(v: State, a: number, b: number, bits: number): void {
  const [low, high] = [v[b]!, v[b + 1]!];
  const sum = (v[a]! >>> 0) + (low >>> 0);
  v[a + 1] = v[a + 1]! + high + (sum > 0xffffffff ? 1 : 0);
  v[a] = sum;
  v[b] = ((low << bits) | (high >>> (32 - bits))) ^ v[a]!;
  v[b + 1] = ((high << bits) | (low >>> (32 - bits))) ^ v[a + 1]!;
}

/** A rotation by 32. */
function swapHalves(v: State, a: number): void {
  const low = v[a]!;
  v[a] = v[a + 1]!;
  v[a + 1] = low;
}
