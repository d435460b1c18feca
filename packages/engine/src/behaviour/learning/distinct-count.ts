/** Registers: the count is off by 6.5 % or so (1.04 / sqrt(256)). */
const REGISTERS = 256;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
/** A digit of base 36 for each register: they hold no more than 33. */
const BASE = 36;

/**
 * How many different keys were added, in 256 bytes however many (HyperLogLog; Flajolet et al., 2007). Keys of behaviours
 * are hashes already, under which nobody can choose where theirs go.
 */
export class DistinctCount {
  readonly #registers: Uint8Array;

  /** `text` as `toText` gave it. */
  constructor(text = '') {
    this.#registers = Uint8Array.from(
      { length: REGISTERS },
      (_, index) => Number.parseInt(text[index] ?? '0', BASE) || 0,
    );
  }

  /** `key` is 16 hexadecimal digits. Whether the count may be another now. */
  add(key: string): boolean {
    const register = Number.parseInt(key.slice(0, 2), 16) & (REGISTERS - 1);
    const rest = Number.parseInt(key.slice(2, 10), 16) >>> 0;
    const rank = Math.min(Math.clz32(rest) + 1, BASE - 1);
    if (rank <= this.#registers[register]!) return false;
    this.#registers[register] = rank;
    return true;
  }

  count(): number {
    let [sum, zeros] = [0, 0];
    for (const register of this.#registers) {
      sum += 2 ** -register;
      if (register === 0) zeros += 1;
    }
    const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
    const isFew = raw <= 2.5 * REGISTERS && zeros > 0;
    return Math.round(isFew ? REGISTERS * Math.log(REGISTERS / zeros) : raw);
  }

  toText(): string {
    return this.count() === 0 ? '' : [...this.#registers].map((register) => register.toString(BASE)).join('');
  }
}
