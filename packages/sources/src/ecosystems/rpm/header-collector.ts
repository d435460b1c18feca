import { DatabaseDamage } from './bytes.ts';

/** After so many damaged parts the rest of a file is not worth the time. */
const MOST_DAMAGE = 1000;
/** More packages than any distribution has. */
const MOST_HEADERS = 100_000;
/** Two numbers, and an entry of the index each for name, version and release. */
const SHORTEST_HEADER = 8 + 3 * 16;

/**
 * Gathers the headers of one database, whatever its format. A database holds each header once: together they are never
 * larger than the files, so links that lead to one part many times cost neither memory nor time.
 */
export class HeaderCollector {
  readonly headers: Buffer[] = [];
  #left: number;
  #damaged = 0;
  #first = '';

  /** `size`: bytes of the database's files. */
  constructor(size: number) {
    this.#left = size;
  }

  /** Bytes that may still be taken. */
  get left(): number {
    return this.#left;
  }

  take(header: Buffer): void {
    if (header.length > this.#left) throw new DatabaseDamage('its parts overlap');
    if (header.length < SHORTEST_HEADER) throw new DatabaseDamage('a header is too short');
    if (this.headers.length >= MOST_HEADERS) throw new DatabaseDamage(`it has more than ${MOST_HEADERS} packages`);
    this.#left -= header.length;
    this.headers.push(header);
  }

  /** Runs a step of reading; damage in it is noted and costs this step only, unless there is too much of it. */
  attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.note(error);
      if (this.#damaged > MOST_DAMAGE) throw error;
    }
  }

  /** Notes damage; everything else is a bug. */
  note(error: unknown): void {
    if (!(error instanceof DatabaseDamage)) throw error;
    this.#damaged += 1;
    this.#first ||= error.message;
  }

  /** What could not be read, as the end of a sentence; undefined where nothing was damaged. */
  get damage(): string | undefined {
    if (this.#damaged < 2) return this.#first || undefined;
    return `${this.#first}, and ${this.#damaged - 1} more parts cannot be read`;
  }
}
