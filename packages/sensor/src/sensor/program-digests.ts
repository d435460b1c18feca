import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** Bytes of a file, and of all files in a second: a container that starts new programs all the time gets no more of us. */
const LARGEST = 64 * 1024 * 1024;
const MOST_A_SECOND = 64 * 1024 * 1024;
const CHUNK = 256 * 1024;
const MOST_KEPT = 1024;
/** Nanoseconds in a clock tick: /proc tells starts in ticks. */
const TICK = 1e7;

/** A program that was just started, as the kernel told of it. */
export interface StartedProgram {
  pid: number;
  /** Nanoseconds since boot. */
  start: number;
  path: string;
}

/**
 * SHA-256 of the files that processes run. A file is opened by its process's own link to it, which leads to the file that
 * runs and not to a name: nothing in a container, no link and no folder that was exchanged, decides what is read.
 */
export class ProgramDigests {
  readonly #kept = new Map<string, string>();
  readonly #chunk = Buffer.alloc(CHUNK);
  #second = 0;
  #read = 0;

  /** `sha256:...`; undefined where the process runs something else by now, or there is too much to read. */
  find(program: StartedProgram, now: number): string | undefined {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(`/proc/${program.pid}/exe`, 'r');
      const stats = fstatSync(descriptor, { bigint: true });
      if (!stats.isFile() || stats.size > LARGEST || !isSame(program)) return undefined;
      const key = `${stats.dev}:${stats.ino}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.size}`;
      const known = this.#kept.get(key);
      if (known !== undefined || !this.#mayRead(Number(stats.size), now)) return known;
      const digest = this.#digest(descriptor);
      if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
      this.#kept.set(key, digest);
      return digest;
    } catch {
      // It has ended.
      return undefined;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  #mayRead(size: number, now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) this.#read = 0;
    this.#second = second;
    if (this.#read + size > MOST_A_SECOND) return false;
    this.#read += size;
    return true;
  }

  /** At most so much, however much the file has grown since. */
  #digest(descriptor: number): string {
    const hash = createHash('sha256');
    for (let left = LARGEST; left > 0; ) {
      const length = readSync(descriptor, this.#chunk, 0, Math.min(CHUNK, left), null);
      if (length === 0) break;
      hash.update(this.#chunk.subarray(0, length));
      left -= length;
    }
    return `sha256:${hash.digest('hex')}`;
  }
}

/** Whether the process is still the one that was told of, and still runs that file. */
function isSame({ pid, start, path }: StartedProgram): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const runs = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
  return ticks === Math.floor(start / TICK) && runs === path.replace(/ \(deleted\)$/, '');
}
