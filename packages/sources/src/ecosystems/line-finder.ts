/** Entries that may be missing: each costs a pass over the rest of the document. */
const MOST_MISSES = 16;

/**
 * Finds the lines of entries of a document, of which the parser kept only the values: each is looked for behind the one
 * before it, so that a whole document costs one pass. Where many are not found (the document is written in another way),
 * nothing is from there on.
 */
export class LineFinder {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #misses = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** One-based line of the next place of a text, behind its line feed if it begins with one; undefined if there is none. */
  find(part: string): number | undefined {
    const found = this.#misses > MOST_MISSES ? -1 : this.#text.indexOf(part, this.#at);
    if (found === -1) {
      this.#misses += 1;
      return undefined;
    }
    for (let end = this.#text.indexOf('\n', this.#at); end !== -1 && end <= found; ) {
      this.#line += 1;
      end = this.#text.indexOf('\n', end + 1);
    }
    this.#at = found + 1;
    return this.#line;
  }

  /** The next place of a key of a JSON object, as package managers write it: `"name": {`. */
  findKey(key: string, opening = '{'): number | undefined {
    return this.find(`${JSON.stringify(key)}: ${opening}`);
  }
}
