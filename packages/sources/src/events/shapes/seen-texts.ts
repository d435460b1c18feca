/** Places for texts, a power of two. */
const PLACES = 4096;
const LONGEST = 192;
const NONE = '';

/**
 * Texts that were seen lately, each as one string. Whoever looks a string up that is always the same one finds its hash
 * worked out. Takes what it takes: a new text drives out the one that stood in its place.
 */
export class SeenTexts {
  readonly #texts: string[] = new Array<string>(PLACES).fill(NONE);

  /** The text between the quotes of a JSON string, where it was seen; there it has no escapes. */
  find(text: string, start: number, end: number): string | undefined {
    if (end - start > LONGEST) return undefined;
    const seen = this.#texts[placeOf(text, start, end)];
    // A slice costs nothing, and strings of one length are compared many characters at a time.
    return seen !== NONE && seen === text.slice(start, end) ? seen : undefined;
  }

  /** Notes what `text` holds between `start` and `end`. `seen` has the same characters, in memory of its own. */
  add(seen: string, text: string, start: number, end: number): void {
    if (seen.length === end - start && seen.length <= LONGEST) this.#texts[placeOf(text, start, end)] = seen;
  }
}

/** Worked out of a few characters: texts of one kind differ at their ends, in their middles and in length. */
function placeOf(text: string, start: number, end: number): number {
  if (end - start < 3) return end - start;
  const last = text.charCodeAt(end - 1) + text.charCodeAt(end - 2) * 31 + text.charCodeAt(end - 3) * 961;
  return (last + text.charCodeAt((start + end) >> 1) * 389 + (end - start) * 97) & (PLACES - 1);
}
