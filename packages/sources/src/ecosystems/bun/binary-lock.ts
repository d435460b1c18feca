import { ByteView } from '../executables/byte-view.ts';
import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import type { LockedPackages } from '../locked-packages.ts';

const MAGIC = '#!/usr/bin/env bun\nbun-lockfile-format-v0\n';
/** The form that bun has written from 0.2 to 1.2. */
const FORMAT = 2;
/** Behind the magic: the form, a hash of 32 bytes, and the length of the whole. */
const TABLE = MAGIC.length + 4 + 32 + 8;
/** Columns of the table of packages, of which only the first five are read: bytes of a cell. */
const [NAME, NAME_HASH, RESOLUTION, SLICE] = [8, 8, 64, 8];
const [META, BIN, SCRIPTS] = [88, 20, 49];
const ROW = NAME + NAME_HASH + RESOLUTION + 2 * SLICE + META + BIN + SCRIPTS;
/** Lists that follow the table, each after its begin and end; the others are of no use here. */
const [RESOLUTIONS, DEPENDENCIES, TEXTS] = [2, 3, 5];
const DEPENDENCY = 26;
const BEHAVIOUR = 16;
const OF_DEVELOPMENT = 8;
const ROOT = 1;
const FROM_REGISTRY = 2;
const LINK = 64;
const WORKSPACE = 72;
const MOST_EDGES = 1_000_000;
const LONGEST_TEXT = 1024;

interface Slice {
  start: number;
  end: number;
}

/**
 * Takes the packages of a `bun.lockb`: a table stored by columns, then lists of numbers that say what resolves to which
 * row, and of texts. Whether it is such a file, in the form that is known.
 */
export function readBinaryLock(bytes: Buffer, locked: LockedPackages): boolean {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return false;
  const view = new ByteView(bytes, true);
  const count = view.u64(TABLE);
  const begin = view.u64(TABLE + 24);
  const end = view.u64(TABLE + 32);
  const isWhole = view.u64(TABLE - 8) <= bytes.length && end <= bytes.length && count > 0;
  if (view.u32(MAGIC.length) !== FORMAT || !isWhole || end - begin !== count * ROW) return false;
  new BinaryLock(view, count, begin, end).lock(locked);
  return true;
}

class BinaryLock {
  readonly #view: ByteView;
  readonly #count: number;
  readonly #begin: number;
  readonly #lists: Slice[] = [];
  #edges = 0;

  constructor(view: ByteView, count: number, begin: number, end: number) {
    this.#view = view;
    this.#count = count;
    this.#begin = begin;
    let at = end;
    for (let list = 0; list <= TEXTS; list++) {
      const slice = { start: view.u64(at), end: Math.min(view.u64(at + 8), view.bytes.length) };
      this.#lists.push(slice);
      at = slice.end;
    }
  }

  lock(locked: LockedPackages): void {
    const graph = new Map<number, GraphPackage<number>>();
    const projects: GraphProject<number>[] = [];
    for (let row = 0; row < this.#count; row++) {
      const resolution = this.#begin + this.#count * (NAME + NAME_HASH) + row * RESOLUTION;
      const kind = this.#view.bytes[resolution];
      const name = this.#text(this.#begin + row * NAME);
      const { ships, develops } = this.#needs(row);
      if (kind === ROOT) projects.push({ ships, develops });
      else if (kind === WORKSPACE) {
        projects.push({ ships, develops, listed: { key: row, name, version: '', relationship: 'workspace' } });
      } else if (kind !== LINK) {
        const version = kind === FROM_REGISTRY ? this.#version(resolution + 16) : '';
        graph.set(row, { name, version, needs: ships });
      }
    }
    lockGraph(graph, projects, locked);
  }

  /** Three numbers, then what stands behind a hyphen and behind a plus. */
  #version(at: number): string {
    const [major, minor, patch] = [0, 4, 8].map((offset) => this.#view.u32(at + offset));
    const [before, build] = [this.#text(at + 16), this.#text(at + 32)];
    return `${major}.${minor}.${patch}${before && `-${before}`}${build && `+${build}`}`;
  }

  /** Rows that a row resolves to; what it says of each dependency lies at the same place of another list. */
  #needs(row: number): { ships: number[]; develops: number[] } {
    const slices = this.#begin + this.#count * (NAME + NAME_HASH + RESOLUTION);
    const stated = this.#view.u32(slices + row * SLICE);
    const place = slices + this.#count * SLICE + row * SLICE;
    const [start, length] = [this.#view.u32(place), this.#view.u32(place + 4)];
    const [resolutions, dependencies] = [this.#lists[RESOLUTIONS]!, this.#lists[DEPENDENCIES]!];
    const ships: number[] = [];
    const develops: number[] = [];
    for (let index = 0; index < length && this.#edges < MOST_EDGES; index++) {
      const at = resolutions.start + (start + index) * 4;
      if (at + 4 > resolutions.end) break;
      this.#edges += 1;
      const behaviour = this.#view.bytes[dependencies.start + (stated + index) * DEPENDENCY + BEHAVIOUR] ?? 0;
      ((behaviour & OF_DEVELOPMENT) === 0 ? ships : develops).push(this.#view.u32(at));
    }
    return { ships, develops };
  }

  /** Up to eight letters as they are; a longer text is a place and a length, with the highest bit set. */
  #text(at: number): string {
    const length = this.#view.u32(at + 4);
    if (length < 0x80000000) return this.#view.bytes.toString('utf8', at, at + 8).replace(/\0+$/, '');
    const start = this.#lists[TEXTS]!.start + this.#view.u32(at);
    return this.#view.bytes.toString('utf8', start, start + Math.min(length - 0x80000000, LONGEST_TEXT));
  }
}
