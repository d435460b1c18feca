import type { DistillerStream } from '../ecosystem.ts';
import { BUILD_INFO_MAGIC, type BuildInfo, readInline } from './build-info.ts';

/** Build information is looked for in so many bytes after its magic. */
const ROOM = 1024 * 1024;
const ALIGNMENT = 16;
const INLINE = 2;
const OVERLAP = BUILD_INFO_MAGIC.length - 1;

/** What a pass over an executable told; `unread`: it is of Go, and its information was not where it could be read. */
export type Outcome = BuildInfo | 'unread' | undefined;

/**
 * Finds build information in an executable too large to keep, by its magic, at multiples of 16. The form before
 * Go 1.18 points to texts that have passed by then: it is noticed and cannot be read.
 */
export class BuildInfoStream implements DistillerStream {
  readonly #finish: (outcome: Outcome) => Buffer | undefined;
  #kept: Buffer = Buffer.alloc(0);
  #at = 0;
  #outcome: Outcome;

  constructor(finish: (outcome: Outcome) => Buffer | undefined) {
    this.#finish = finish;
  }

  write(bytes: Buffer): void {
    if (typeof this.#outcome === 'object') return;
    const seam = Buffer.concat([this.#kept, bytes.subarray(0, BUILD_INFO_MAGIC.length)]);
    // Only where a magic was begun is what was kept put before the piece, which costs a copy.
    const joined = findAligned(seam, 0, this.#at - this.#kept.length) !== -1;
    const window = joined ? Buffer.concat([this.#kept, bytes]) : bytes;
    const start = joined ? this.#at - this.#kept.length : this.#at;
    this.#at += bytes.length;
    let place = findAligned(window, 0, start);
    while (place !== -1 && window.length - place >= ROOM) {
      this.#judge(window.subarray(place));
      place = findAligned(window, place + 1, start);
    }
    if (place !== -1) this.#kept = Buffer.from(window.subarray(place));
    else this.#kept = Buffer.from((bytes.length < OVERLAP ? seam : window).subarray(-OVERLAP));
  }

  end(): Buffer | undefined {
    const start = this.#at - this.#kept.length;
    for (let place = findAligned(this.#kept, 0, start); place !== -1; place = findAligned(this.#kept, place + 1, start))
      this.#judge(this.#kept.subarray(place));
    return this.#finish(this.#outcome);
  }

  #judge(bytes: Buffer): void {
    if (typeof this.#outcome === 'object') return;
    if (((bytes[15] ?? 0) & INLINE) !== 0) this.#outcome = readInline(bytes) ?? this.#outcome;
    else if (bytes[14] === 4 || bytes[14] === 8) this.#outcome = 'unread';
  }
}

/** The next magic at a multiple of 16 of the file, whose byte `start` the window begins with. */
function findAligned(window: Buffer, from: number, start: number): number {
  let at = window.indexOf(BUILD_INFO_MAGIC, from);
  while (at !== -1 && (start + at) % ALIGNMENT !== 0) at = window.indexOf(BUILD_INFO_MAGIC, at + 1);
  return at;
}
