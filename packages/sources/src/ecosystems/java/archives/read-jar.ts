import { createHash } from 'node:crypto';
import type { DistillerStream } from '../../ecosystem.ts';
import {
  inflate,
  inflateStart,
  type Packing,
  readZip,
  type Unpacked,
  unpack,
  unpackStart,
  type ZipArchive,
  type ZipEntry,
} from '../../zip/zip-archive.ts';
import { ZipStream } from '../../zip/zip-stream.ts';
import { isClassName, mayHaveRole, packageOf, roleOf } from './archive-names.ts';
import { JarContents, refuse } from './jar-contents.ts';
import type { JarFacts } from './jar-facts.ts';

/** Archives inside each other that are followed. Real ones are three deep. */
const DEEPEST = 12;
/** Bytes that all archives unpacked out of one another may have while they are open. */
const LARGEST_OPEN = 32 * 1024 * 1024;
/** Bytes that may be unpacked of one file, over all it holds. */
const MOST_UNPACKED = 512 * 1024 * 1024;
const MOST_ARCHIVES = 5000;
const LARGEST_TEXT = 1024 * 1024;
/** The main section of a manifest comes first; of signed archives megabytes of digests follow. */
const MANIFEST_START = 64 * 1024;
const MOST_CLASSES = 400;

/** Reads an archive and those inside it, the outermost first. The bounds hold for all of them together. */
export function readJar(content: Buffer): JarFacts[] {
  return new JarReader().read(content);
}

class JarReader {
  readonly #found: JarContents[] = [];
  #open = 0;
  #unpacked = 0;

  read(content: Buffer): JarFacts[] {
    this.readArchive(content, []);
    return this.finish();
  }

  finish(): JarFacts[] {
    return this.#found.map((contents) => contents.facts);
  }

  begin(within: string[]): JarContents {
    const contents = new JarContents(within);
    this.#found.push(contents);
    return contents;
  }

  readArchive(content: Buffer, within: string[]): void {
    const contents = this.begin(within);
    const { facts } = contents;
    const archive = readZip(content, mayHaveRole);
    if (archive === undefined) {
      facts.faults.push('it is no zip archive');
      return;
    }
    facts.faults.push(...archive.faults);
    const entries = archive.entries.filter(({ name }) => roleOf(name) !== undefined && !leavesRoot(name));
    if (overlaps(entries)) {
      facts.faults.push('its entries lie on each other');
      return;
    }
    const inner: ZipEntry[] = [];
    for (const entry of entries) {
      const role = roleOf(entry.name)!;
      if (role === 'archive') inner.push(entry);
      else if (role === 'manifest') contents.take(role, entry.name, unpackStart(archive, entry, MANIFEST_START));
      else contents.take(role, entry.name, this.#count(entry, unpack(archive, entry, this.#room(LARGEST_TEXT))));
    }
    if (contents.finish().artifacts.length === 0) identify(facts, content);
    for (const entry of inner) this.#readInner(archive, entry, facts);
  }

  #readInner(archive: ZipArchive, entry: ZipEntry, facts: JarFacts): void {
    this.enter(entry.name, entry, facts, (largest) => unpack(archive, entry, largest));
  }

  /** Reads an archive in another, whose bytes are had by unpacking at most so many. */
  enter(name: string, packing: Packing, facts: JarFacts, unpackAtMost: (largest: number) => Unpacked): void {
    if (facts.within.length >= DEEPEST) {
      refuse(facts, `it holds archives more than ${DEEPEST} deep in each other`);
      return;
    }
    if (this.#found.length >= MOST_ARCHIVES) {
      refuse(facts, `it holds more than ${MOST_ARCHIVES} archives`);
      return;
    }
    const unpacked = this.#count(packing, unpackAtMost(this.#room(LARGEST_OPEN - this.#open)));
    if ('fault' in unpacked) {
      refuse(facts, `${name.slice(0, 256)}: ${unpacked.fault}`);
      return;
    }
    const held = packing.method === 0 ? 0 : unpacked.content.length;
    this.#open += held;
    this.readArchive(unpacked.content, [...facts.within, name]);
    this.#open -= held;
  }

  #room(largest: number): number {
    return Math.min(largest, MOST_UNPACKED - this.#unpacked);
  }

  #count({ method }: Packing, unpacked: Unpacked): Unpacked {
    if ('content' in unpacked && method !== 0) this.#unpacked += unpacked.content.length;
    return unpacked;
  }
}

/** Reads an archive that is too large to hold, by what passes. */
export class JarStream implements DistillerStream {
  readonly #reader = new JarReader();
  readonly #contents = this.#reader.begin([]);
  readonly #zip = new ZipStream({
    keeps: (name) => {
      const role = leavesRoot(name) ? undefined : roleOf(name);
      if (role === undefined) return 0;
      return role === 'archive' ? LARGEST_OPEN : LARGEST_TEXT;
    },
    entry: (name, packed, packing) => this.#entry(name, packed, packing),
    tooLarge: (name) => refuse(this.#contents.facts, `${name.slice(0, 256)}: it is larger than what is held`),
  });

  write(bytes: Buffer): void {
    this.#zip.write(bytes);
  }

  end(): Buffer {
    if (!this.#zip.end()) refuse(this.#contents.facts, 'it is too large to hold, and its end was not found');
    this.#contents.finish();
    return Buffer.from(JSON.stringify(this.#reader.finish()));
  }

  #entry(name: string, packed: Buffer, packing: Packing): void {
    const role = roleOf(name)!;
    if (role === 'manifest') this.#contents.take(role, name, inflateStart(packed, packing, MANIFEST_START));
    else if (role !== 'archive') this.#contents.take(role, name, inflate(packed, packing, LARGEST_TEXT));
    else this.#reader.enter(name, packing, this.#contents.facts, (largest) => inflate(packed, packing, largest));
  }
}

/** What an archive that names no artifact is known by. */
function identify(facts: JarFacts, content: Buffer): void {
  facts.sha1 = createHash('sha1').update(content).digest('hex');
  let classes = 0;
  const archive = readZip(content, (bytes, start, end) => {
    const isTaken = classes < MOST_CLASSES && isClassName(bytes, start, end);
    if (isTaken) classes += 1;
    return isTaken;
  });
  const packages = (archive?.entries ?? []).flatMap(({ name }) => {
    const found = packageOf(name);
    return found === undefined ? [] : [found.split('/')];
  });
  const shared = packages[0]?.slice() ?? [];
  for (const parts of packages) {
    const differs = shared.findIndex((part, index) => part !== parts[index]);
    if (differs !== -1) shared.length = differs;
  }
  if (packages.length > 0) facts.package = shared.join('.');
}

/** A name that would be outside of where the archive is unpacked. Nothing loads it. */
function leavesRoot(name: string): boolean {
  return name.startsWith('/') || name.includes('\\') || name.split('/').includes('..');
}

/** Whether content that is to be unpacked is used twice, as bombs do. */
function overlaps(entries: ZipEntry[]): boolean {
  const sorted = entries.toSorted((a, b) => a.start - b.start);
  return sorted.some(({ start, packedSize }, index) => {
    const next = sorted[index + 1];
    return next !== undefined && start + 30 + packedSize > next.start;
  });
}
