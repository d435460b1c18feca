import { inflateSync } from 'node:zlib';
import type { Distiller, DistillerStream, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { bytesOf, canHaveSection, isExecutable, readExecutable } from '../executables/executable.ts';
import { isFields, listOf, parseJson, textOf } from '../read-text.ts';
import { CRATE_NAME, crateComponent } from './rust-component.ts';

/** Section of cargo-auditable's dependency list (its PARSING.md): JSON, compressed with zlib. */
const SECTION = '.dep-v0';
const LARGEST_EXECUTABLE = 24 * 1024 * 1024;
const LARGEST_LIST = 8 * 1024 * 1024;
/** Names of sections stand at the end of an executable. */
const TAIL = 256 * 1024;
const UNREAD = Buffer.from('unread');

/** Takes the dependency list from executables of any name. */
export function distilExecutable({ bytes, size }: FileHead): Distiller | undefined {
  if (!isExecutable(bytes)) return undefined;
  const stream = (): DistillerStream => new SectionSeeker(size - TAIL);
  return { largest: LARGEST_EXECUTABLE, sections: [SECTION], whole: readAuditData, stream };
}

function readAuditData(content: Buffer): Buffer | undefined {
  if (!canHaveSection(content, SECTION)) return undefined;
  const section = readExecutable(content)?.sections.find(({ name }) => name === SECTION);
  if (section === undefined) return undefined;
  try {
    return inflateSync(bytesOf(section, content), { maxOutputLength: LARGEST_LIST });
  } catch {
    return UNREAD;
  }
}

/** Where a list lies in an executable is told by its end, when a stream is past the list: only that it is there is seen. */
class SectionSeeker implements DistillerStream {
  readonly #tail: Buffer[] = [];
  #ahead: number;

  /** `ahead` bytes come before the end that is looked at. */
  constructor(ahead: number) {
    this.#ahead = ahead;
  }

  write(bytes: Buffer): void {
    if (bytes.length > this.#ahead) this.#tail.push(Buffer.from(bytes.subarray(Math.max(0, this.#ahead))));
    this.#ahead -= bytes.length;
  }

  end(): Buffer | undefined {
    return Buffer.concat(this.#tail).includes(`${SECTION}\0`) ? UNREAD : undefined;
  }
}

/** The crates that are linked into an executable; those that only its build used are not in it. */
export function readAuditedCrates(file: PackageFile, { target }: EcosystemContext, inventory: Inventory): void {
  const list = parseJson(file.bytes.toString('utf8'));
  let skipped = 0;
  for (const item of isFields(list) ? listOf(list, 'packages') : []) {
    const crate = isFields(item) ? item : {};
    const [name, version] = [textOf(crate, 'name'), textOf(crate, 'version')];
    if (textOf(crate, 'kind') === 'build') continue;
    if (!CRATE_NAME.test(name) || version === '' || version.length > 1024) skipped += 1;
    else {
      const details = { licences: [], path: file.path, scope: 'installed' as const, development: false };
      inventory.components.push(crateComponent({ name, version, ...details, files: [`/${file.path}`] }));
    }
  }
  const isList = isFields(list) && Array.isArray(list['packages']);
  if (isList && skipped === 0) return;
  const message = isList
    ? `Crates of an executable that have no usable name or version: ${skipped}`
    : 'The list of crates in an executable was not read: what is linked into it is not known';
  inventory.unknowns.push({ code: 'package-incomplete', message, place: { source: target, path: `/${file.path}` } });
}
