import { readZip, unpack, type ZipArchive, type ZipEntry } from '../zip/zip-archive.ts';
import { parseManifest, parseProperties } from './manifest.ts';

/** What an archive of Java, and each archive in it, says of itself. */
export interface JarFacts {
  /** Names of the archives inside each other that lead here; empty for the outermost. */
  within: string[];
  artifacts: { group: string; artifact: string; version: string }[];
  manifest: Record<string, string>;
  /** What could not be read, in words that follow "was not read: ". */
  faults: string[];
}

/** Archives inside each other that are followed. Real ones are three deep. */
const DEEPEST = 12;
/** Bytes that all archives unpacked out of one another may have while they are open. */
const LARGEST_OPEN = 32 * 1024 * 1024;
/** Bytes that may be unpacked of one file, over all it holds. */
const MOST_UNPACKED = 512 * 1024 * 1024;
const MOST_ARCHIVES = 5000;
const LARGEST_TEXT = 1024 * 1024;
const MOST_FAULTS = 20;
const ARCHIVE = /\.(?:jar|war|ear|sar|par|lpkg|jpi|hpi|kar|far)$/i;
const PROPERTIES = /(?:^|\/)pom\.properties$/;
const MANIFEST = 'META-INF/MANIFEST.MF';

/** Whether a name is that of an archive of Java. */
export function isArchiveName(path: string): boolean {
  return ARCHIVE.test(path);
}

/** Reads an archive and those inside it, the outermost first. The bounds hold for all of them together. */
export function readJar(content: Buffer): JarFacts[] {
  return new JarReader().read(content);
}

class JarReader {
  readonly #found: JarFacts[] = [];
  #open = 0;
  #unpacked = 0;

  read(content: Buffer): JarFacts[] {
    this.#readArchive(content, []);
    return this.#found;
  }

  #readArchive(content: Buffer, within: string[]): void {
    const facts: JarFacts = { within, artifacts: [], manifest: {}, faults: [] };
    this.#found.push(facts);
    const archive = readZip(content);
    if (archive === undefined) {
      facts.faults.push('it is no zip archive');
      return;
    }
    facts.faults.push(...archive.faults);
    const inner: ZipEntry[] = [];
    const wanted = archive.entries.filter(({ name }) => !leavesRoot(name));
    if (overlaps(wanted.filter(({ name }) => name === MANIFEST || PROPERTIES.test(name) || isArchiveName(name)))) {
      facts.faults.push('its entries lie on each other');
      return;
    }
    for (const entry of wanted) {
      if (entry.name === MANIFEST) facts.manifest = parseManifest(this.#text(archive, entry, facts));
      else if (PROPERTIES.test(entry.name)) this.#readProperties(archive, entry, facts);
      else if (isArchiveName(entry.name)) inner.push(entry);
    }
    for (const entry of inner) this.#readInner(archive, entry, facts);
  }

  #readProperties(archive: ZipArchive, entry: ZipEntry, facts: JarFacts): void {
    const { groupId = '', artifactId = '', version = '' } = parseProperties(this.#text(archive, entry, facts));
    if (groupId !== '' && artifactId !== '' && version !== '')
      facts.artifacts.push({ group: groupId, artifact: artifactId, version });
  }

  #readInner(archive: ZipArchive, entry: ZipEntry, facts: JarFacts): void {
    if (facts.within.length >= DEEPEST) refuse(facts, `it holds archives more than ${DEEPEST} deep in each other`);
    else if (this.#found.length >= MOST_ARCHIVES) refuse(facts, `it holds more than ${MOST_ARCHIVES} archives`);
    else this.#enter(archive, entry, facts);
  }

  #enter(archive: ZipArchive, entry: ZipEntry, facts: JarFacts): void {
    const content = this.#unpack(archive, entry, LARGEST_OPEN - this.#open, facts);
    if (content === undefined) return;
    const held = entry.method === 0 ? 0 : content.length;
    this.#open += held;
    this.#readArchive(content, [...facts.within, entry.name]);
    this.#open -= held;
  }

  #text(archive: ZipArchive, entry: ZipEntry, facts: JarFacts): string {
    return this.#unpack(archive, entry, LARGEST_TEXT, facts)?.toString('utf8') ?? '';
  }

  #unpack(archive: ZipArchive, entry: ZipEntry, largest: number, facts: JarFacts): Buffer | undefined {
    const unpacked = unpack(archive, entry, Math.min(largest, MOST_UNPACKED - this.#unpacked));
    if ('fault' in unpacked) {
      refuse(facts, `${entry.name.slice(0, 256)}: ${unpacked.fault}`);
      return undefined;
    }
    if (entry.method !== 0) this.#unpacked += unpacked.content.length;
    return unpacked.content;
  }
}

function refuse(facts: JarFacts, fault: string): void {
  if (facts.faults.length < MOST_FAULTS && !facts.faults.includes(fault)) facts.faults.push(fault);
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
