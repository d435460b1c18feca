import { gunzipSync } from 'node:zlib';
import type { DistillerStream } from '../ecosystem.ts';
import { isFields, listOf, parseJson, textOf } from '../read-text.ts';
import type { DescribedPackage } from './described-package.ts';

/** A header of gzip as Java writes it: no flags, no time. */
const GZIP = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
/** A name that native images export; names that are exported stand near the beginning. */
const EXPORTED = '__svm_version_info';
const BEGINNING = 2 * 1024 * 1024;
const MOST_PACKED = 4 * 1024 * 1024;
const LARGEST_LIST = 32 * 1024 * 1024;
const MOST_PLACES = 8;
const MOST_PACKAGES = 50_000;
const DEEPEST = 8;

/** The packages that GraalVM's `native-image --enable-sbom` wrote into a program: CycloneDX in gzip, anywhere in it. */
export function findNativeSbom(content: Buffer): DescribedPackage[] | undefined {
  let at = content.indexOf(GZIP);
  for (let places = 0; at !== -1 && places < MOST_PLACES; places++) {
    const found = readNativeSbom(content.subarray(at, at + MOST_PACKED));
    if (found !== undefined) return found;
    at = content.indexOf(GZIP, at + 1);
  }
  return undefined;
}

function readNativeSbom(packed: Buffer): DescribedPackage[] | undefined {
  let text: string;
  try {
    text = gunzipSync(packed, { maxOutputLength: LARGEST_LIST }).toString('utf8');
  } catch {
    return undefined;
  }
  const document = text.startsWith('{') ? parseJson(text) : undefined;
  if (!isFields(document) || textOf(document, 'bomFormat') !== 'CycloneDX') return undefined;
  const found: DescribedPackage[] = [];
  collect(listOf(document, 'components'), found, 0);
  return found;
}

function collect(items: unknown[], found: DescribedPackage[], depth: number): void {
  for (const item of items) {
    if (!isFields(item) || found.length >= MOST_PACKAGES) continue;
    const cpe = textOf(item, 'cpe');
    const licences = listOf(item, 'licenses').flatMap((entry) => {
      const licence = isFields(entry) && isFields(entry['license']) ? entry['license'] : {};
      return [textOf(licence, 'id') || textOf(licence, 'name')];
    });
    if (textOf(item, 'purl') !== '')
      found.push({ purl: textOf(item, 'purl'), licences, cpes: cpe === '' ? [] : [cpe] });
    if (depth < DEEPEST) collect(listOf(item, 'components'), found, depth + 1);
  }
}

/**
 * Looks for the list in a program that is too large to hold: what follows each beginning of gzip is kept for the end.
 * Most large programs are no native images, which their beginning tells: the rest of them is not looked at.
 */
export class NativeSbomSeeker implements DistillerStream {
  readonly #places: { pieces: Buffer[]; length: number }[] = [];
  readonly #write: (found: DescribedPackage[]) => Buffer;
  #seam: Buffer = Buffer.alloc(0);
  #beginning: Buffer[] | undefined = [];
  #passed = 0;
  #isNative = false;

  constructor(write: (found: DescribedPackage[]) => Buffer) {
    this.#write = write;
  }

  write(bytes: Buffer): void {
    const rest = this.#beginning === undefined ? bytes : this.#gather(this.#beginning, bytes);
    if (this.#isNative && rest.length > 0) this.#seek(rest);
  }

  /** Keeps what belongs to the beginning, and returns what does not. */
  #gather(beginning: Buffer[], bytes: Buffer): Buffer {
    const missing = BEGINNING - this.#passed;
    beginning.push(Buffer.from(bytes.subarray(0, missing)));
    this.#passed += bytes.length;
    if (this.#passed >= BEGINNING) this.#settle();
    return bytes.subarray(missing);
  }

  /** The beginning may hold the list too: what was kept of it is looked at again. */
  #settle(): void {
    const beginning = Buffer.concat(this.#beginning ?? []);
    this.#beginning = undefined;
    this.#isNative = beginning.includes(EXPORTED);
    if (this.#isNative) this.#seek(beginning);
  }

  #seek(bytes: Buffer): void {
    for (const place of this.#places) {
      if (place.length >= MOST_PACKED) continue;
      place.pieces.push(Buffer.from(bytes.subarray(0, MOST_PACKED - place.length)));
      place.length += bytes.length;
    }
    const seam = Buffer.concat([this.#seam, bytes.subarray(0, GZIP.length - 1)]);
    const before = seam.indexOf(GZIP);
    if (before !== -1) this.#begin(Buffer.concat([this.#seam.subarray(before), bytes]));
    let at = bytes.indexOf(GZIP);
    while (at !== -1 && this.#places.length < MOST_PLACES) {
      this.#begin(bytes.subarray(at));
      at = bytes.indexOf(GZIP, at + 1);
    }
    this.#seam = Buffer.from(Buffer.concat([this.#seam, bytes.subarray(-GZIP.length)]).subarray(1 - GZIP.length));
  }

  end(): Buffer | undefined {
    if (this.#beginning !== undefined) this.#settle();
    for (const { pieces } of this.#places) {
      const found = readNativeSbom(Buffer.concat(pieces));
      if (found !== undefined) return this.#write(found);
    }
    return undefined;
  }

  #begin(bytes: Buffer): void {
    if (this.#places.length >= MOST_PLACES) return;
    this.#places.push({ pieces: [Buffer.from(bytes.subarray(0, MOST_PACKED))], length: bytes.length });
  }
}
