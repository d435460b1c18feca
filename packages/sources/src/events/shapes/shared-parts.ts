import { markShared } from './shared-values.ts';

/** Objects of one kind; with more, all are forgotten. */
const MOST_PARTS = 1024;
/** Objects that differ only behind a number that nobody looks at. */
const MOST_ALIKE = 4;
const LONGEST_PART = 8192;

/** An object that was read before. */
interface Part {
  /** Its JSON text, but for numbers that nobody looks at: each pair of texts has one between. */
  texts: readonly string[];
  value: unknown;
}

/** Texts are told apart by one character each time; -1 where only those are left that begin alike. */
interface Branch {
  offset: number;
  branches: Map<number, Branch>;
  parts: Part[];
}

/**
 * Objects that lines repeat, by their JSON text: found by a few characters, and then compared as a whole, so that what
 * is found is what `JSON.parse` would make of it.
 */
export class SharedParts {
  /** Where the object ends that was found last. */
  end = 0;
  #first: Branch | undefined;
  #count = 0;

  /** The value of the object at `at`. */
  find(text: string, at: number): Part | undefined {
    let branch = this.#first;
    while (branch !== undefined && branch.offset >= 0)
      branch = branch.branches.get(text.charCodeAt(at + branch.offset));
    if (branch === undefined) return undefined;
    for (const part of branch.parts) {
      this.end = endOf(part, text, at);
      if (this.end >= 0) return part;
    }
    return undefined;
  }

  /** Notes an object and its text, a string of its own; gives the characters that it keeps. */
  add(text: string, value: unknown, numbers: readonly { start: number; end: number }[]): number {
    if (text.length > LONGEST_PART) return 0;
    if (this.#count >= MOST_PARTS) {
      this.#first = undefined;
      this.#count = 0;
    }
    const texts: string[] = [];
    let at = 0;
    for (const { start, end } of numbers) {
      texts.push(copyOf(text.slice(at, start)));
      at = end;
    }
    texts.push(copyOf(text.slice(at)));
    markShared(value);
    this.#insert({ texts, value });
    this.#count += 1;
    return text.length;
  }

  #insert(part: Part): void {
    const text = part.texts[0] ?? '';
    if (this.#first === undefined) {
      this.#first = leafOf(part);
      return;
    }
    const like = this.#closest(text);
    const known = like.parts[0]?.texts[0] ?? '';
    const offset = firstDifference(text, known);
    if (offset < 0) {
      if (like.parts.length >= MOST_ALIKE) like.parts.pop();
      like.parts.unshift(part);
      return;
    }
    let [branch, above]: [Branch, Branch | undefined] = [this.#first, undefined];
    while (branch.offset >= 0 && branch.offset < offset) {
      above = branch;
      const next = branch.branches.get(text.charCodeAt(branch.offset));
      if (next === undefined) return;
      branch = next;
    }
    if (branch.offset === offset) {
      branch.branches.set(text.charCodeAt(offset), leafOf(part));
      return;
    }
    const branches = new Map([
      [known.charCodeAt(offset), branch],
      [text.charCodeAt(offset), leafOf(part)],
    ]);
    const parting: Branch = { offset, branches, parts: [] };
    if (above === undefined) this.#first = parting;
    else above.branches.set(text.charCodeAt(above.offset), parting);
  }

  /** Parts that begin like the text for longer than others do. */
  #closest(text: string): Branch {
    let branch = this.#first as Branch;
    while (branch.offset >= 0) {
      const next = branch.branches.get(text.charCodeAt(branch.offset)) ?? branch.branches.values().next().value;
      if (next === undefined) break;
      branch = next;
    }
    return branch;
  }
}

const leafOf = (part: Part): Branch => ({ offset: -1, branches: new Map(), parts: [part] });

/** Where both texts have a character, and not the same one; -1 where there is no such place. */
function firstDifference(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let offset = 0; offset < length; offset += 1)
    if (one.charCodeAt(offset) !== other.charCodeAt(offset)) return offset;
  return -1;
}

function endOf({ texts }: Part, text: string, at: number): number {
  let end = at;
  for (let index = 0; index < texts.length; index += 1) {
    if (index > 0) end = endOfDigits(text, end);
    if (end < 0) return -1;
    const known = texts[index] as string;
    if (text.slice(end, end + known.length) !== known) return -1;
    end += known.length;
  }
  return end;
}

/** Behind an integer as JSON has it, without a sign; -1 where there is none. What stands behind is compared. */
function endOfDigits(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end === at || (end > at + 1 && text.charCodeAt(at) === 0x30) ? -1 : end;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** The same characters in memory of their own: a slice holds all of what it was cut out of. */
export const copyOf = (text: string): string => JSON.parse(JSON.stringify(text)) as string;
