import type { DistillerStream } from '../ecosystem.ts';
import { type Classifier, CONTEXT } from './classifier.ts';

/** A program that was recognised. */
export interface Recognised {
  name: string;
  version: string;
  /** Who built it, where it says so. */
  vendor?: string;
  /** A file states it; absent where a text suggests it. */
  stated?: true;
}

/** A mark that is everywhere tells nothing: so many places are tried of each in one piece. */
const MOST_PLACES = 20_000;
/** What is kept of a piece, and looked at again with the beginning of the next. */
const SEAM = 3 * CONTEXT;

/**
 * Looks for the marks of classifiers in bytes that pass piece by piece. Each mark is one native search, and patterns see
 * a few hundred bytes around it, so that the time grows with the size of the file and nothing else.
 */
export class TextSearch implements DistillerStream {
  readonly #classifiers: Classifier[];
  /** For each classifier the rank of the surest mark that was found, and the version there. */
  readonly #found = new Map<Classifier, { rank: number; version: string }>();
  #kept: Buffer = Buffer.alloc(0);

  constructor(classifiers: Classifier[]) {
    this.#classifiers = classifiers;
  }

  write(bytes: Buffer): void {
    // A mark near the end is matched with the next piece, when all that follows it is there.
    const seam = Buffer.concat([this.#kept, bytes.subarray(0, SEAM)]);
    this.#search(seam, seam.length - CONTEXT);
    if (bytes.length > SEAM) this.#search(bytes, bytes.length - CONTEXT);
    this.#kept = Buffer.from((bytes.length > SEAM ? bytes : seam).subarray(-SEAM));
  }

  end(): Buffer | undefined {
    this.#search(this.#kept, this.#kept.length);
    if (this.#found.size === 0) return undefined;
    const recognised: Recognised[] = [...this.#found].map(([{ name }, { version }]) => ({ name, version }));
    return Buffer.from(JSON.stringify(recognised));
  }

  #search(window: Buffer, limit: number): void {
    for (const classifier of this.#classifiers) {
      const before = this.#found.get(classifier)?.rank ?? classifier.marks.length;
      for (const [rank, { near, pattern }] of classifier.marks.slice(0, before).entries()) {
        const version = firstMatch(window, limit, near, pattern);
        if (version === undefined) continue;
        this.#found.set(classifier, { rank, version });
        break;
      }
    }
  }
}

function firstMatch(window: Buffer, limit: number, near: string, pattern: RegExp): string | undefined {
  let at = window.indexOf(near, 0, 'latin1');
  for (let places = 0; at !== -1 && at + near.length <= limit && places < MOST_PLACES; places++) {
    const text = window.toString('latin1', Math.max(0, at - CONTEXT), at + near.length + CONTEXT);
    const version = pattern.exec(text)?.[1];
    if (version !== undefined) return version;
    at = window.indexOf(near, at + near.length, 'latin1');
  }
  return undefined;
}
