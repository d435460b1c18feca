/**
 * 53 bits of a text in base 36: names things by their content, and is no protection against anybody who wants two to
 * collide.
 */
export function digest(text: string): string {
  const [high, low] = digestWords(text);
  return (4294967296 * (2097151 & low) + high).toString(36);
}

/** 64 bits of a text as two words: two multiply-xor lanes, mixed at the end. */
export function digestWords(text: string): [number, number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return [high >>> 0, low >>> 0];
}
