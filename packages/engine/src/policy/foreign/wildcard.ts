/**
 * Whether a text is what a pattern with `*` (any characters) and `?` (one character) stands for. Takes time in
 * proportion to the text, whatever the pattern, where a part of it between two `*` has no `?` or is short; else to a
 * thirty-second part of what both lengths multiply to.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] as string;
  if (parts.length === 1) return pattern.length === text.length && fitsAt(pattern, text, 0);
  const last = parts.at(-1) as string;
  const end = text.length - last.length;
  if (end < first.length || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false;
  let from = first.length;
  for (let index = 1; index < parts.length - 1; index++) {
    const part = parts[index] as string;
    if (part === '') continue;
    const found = find(part, text, from, end);
    if (found === -1) return false;
    from = found + part.length;
  }
  return true;
}

const ANY = 63;

function fitsAt(part: string, text: string, at: number): boolean {
  for (let index = 0; index < part.length; index++) {
    const wanted = part.charCodeAt(index);
    if (wanted !== ANY && wanted !== text.charCodeAt(at + index)) return false;
  }
  return true;
}

/** Parts up to this length are tried at each place: that is no more than so many steps a character. */
const SHORT = 32;

/** The first place from `from` on at which a part fits and ends by `end`; -1 where there is none. */
function find(part: string, text: string, from: number, end: number): number {
  if (part.length > end - from) return -1;
  if (part.length <= SHORT) {
    for (let at = from; at <= end - part.length; at++) if (fitsAt(part, text, at)) return at;
    return -1;
  }
  return part.includes('?') ? findLoosely(part, text, from, end) : findExactly(part, text, from, end);
}

/** Knuth, Morris and Pratt: a character of the text is never looked at again. */
function findExactly(part: string, text: string, from: number, end: number): number {
  const borders = bordersOf(part);
  let matched = 0;
  for (let at = from; at < end; at++) {
    const character = text.charCodeAt(at);
    while (matched > 0 && part.charCodeAt(matched) !== character) matched = borders[matched - 1] as number;
    if (part.charCodeAt(matched) === character) matched++;
    if (matched === part.length) return at - part.length + 1;
  }
  return -1;
}

/** For each length of a beginning of the part: how much of its end is a beginning again. */
function bordersOf(part: string): Uint32Array {
  const borders = new Uint32Array(part.length);
  let border = 0;
  for (let index = 1; index < part.length; index++) {
    while (border > 0 && part.charCodeAt(index) !== part.charCodeAt(border)) border = borders[border - 1] as number;
    if (part.charCodeAt(index) === part.charCodeAt(border)) border++;
    borders[index] = border;
  }
  return borders;
}

/** Of 32 characters of a part, a bit each: which are the same as a character, and which are left open. */
interface Block {
  byCharacter: Map<number, number>;
  open: number;
}

/** Shift-and: of all beginnings of the part at once, a bit each, which of them end at the character that is read. */
function findLoosely(part: string, text: string, from: number, end: number): number {
  const blocks = blocksOf(part);
  const state = new Uint32Array(blocks.length);
  const [lastBlock, lastBit] = [(part.length - 1) >> 5, (part.length - 1) & 31];
  for (let at = from; at < end; at++) {
    const character = text.charCodeAt(at);
    let carry = 1;
    for (let index = 0; index < blocks.length; index++) {
      const { byCharacter, open } = blocks[index] as Block;
      const before = state[index] as number;
      state[index] = ((before << 1) | carry) & ((byCharacter.get(character) ?? 0) | open);
      carry = before >>> 31;
    }
    if (((state[lastBlock] as number) >>> lastBit) & 1) return at - part.length + 1;
  }
  return -1;
}

function blocksOf(part: string): Block[] {
  const blocks: Block[] = [];
  for (let index = 0; index < part.length; index++) {
    if ((index & 31) === 0) blocks.push({ byCharacter: new Map(), open: 0 });
    const block = blocks.at(-1) as Block;
    const bit = 1 << (index & 31);
    const character = part.charCodeAt(index);
    if (character === ANY) block.open |= bit;
    else block.byCharacter.set(character, (block.byCharacter.get(character) ?? 0) | bit);
  }
  return blocks;
}

/** Whether it stands for more than itself. */
export const hasWildcard = (pattern: string): boolean => /[*?]/.test(pattern);
