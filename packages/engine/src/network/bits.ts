/** A set of small numbers, one bit each. */
export type Bits = Uint32Array<ArrayBuffer>;

/** An empty set of numbers below `size`. */
export function emptyBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5);
}

/** Adds a number to the set. */
export function addBit(bits: Bits, index: number): void {
  bits[index >>> 5]! |= 1 << (index & 31);
}

/** Adds every member of `other` to `bits`. */
export function addAll(bits: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word++) bits[word]! |= other[word]!;
}

/** Whether anything is in both. */
export function meet(a: Bits, b: Bits): boolean {
  for (let word = 0; word < a.length; word++) if ((a[word]! & b[word]!) !== 0) return true;
  return false;
}

/** What is in both and not in `without`; undefined when that is nothing. */
export function intersect(a: Bits, b: Bits, without?: Bits): Bits | undefined {
  const result = new Uint32Array(a.length);
  let any = 0;
  for (let word = 0; word < a.length; word++) {
    const value = a[word]! & b[word]! & ~(without?.[word] ?? 0);
    result[word] = value;
    any |= value;
  }
  return any === 0 ? undefined : result;
}

/** The members, ascending. */
export function membersOf(bits: Bits): number[] {
  const members: number[] = [];
  for (let word = 0; word < bits.length; word++) {
    let value = bits[word]!;
    while (value !== 0) {
      members.push((word << 5) + (31 - Math.clz32(value & -value)));
      value &= value - 1;
    }
  }
  return members;
}

/** 64 bits that tell one set from another, within one run: it is of positions, not of what stands there. */
export function hashOf(bits: Bits): string {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let word = 0; word < bits.length; word++) {
    const value = bits[word]!;
    if (value === 0) continue;
    high = Math.imul(high ^ value ^ word, 2654435761);
    high ^= high >>> 15;
    low = Math.imul(low ^ (value + Math.imul(word, 40503)), 2246822519);
    low ^= low >>> 13;
  }
  return String.fromCharCode(high >>> 16, high & 0xffff, low >>> 16, low & 0xffff);
}
