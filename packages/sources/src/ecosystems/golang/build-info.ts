import { ByteView } from '../executables/byte-view.ts';
import { bytesOf, canHaveSection, offsetOf, readExecutable } from '../executables/executable.ts';
import type { Executable } from '../executables/section.ts';

/** What Go's linker wrote into an executable. */
export interface BuildInfo {
  /** `go1.22.1`, with what follows in the version of a toolchain of one's own. */
  version: string;
  /** Lines of `path`, `mod`, `dep`, `=>` and `build`; empty where it was built outside a module. */
  modules: string;
}

/** What the linker puts before the information (cmd/link/internal/ld, `buildinfo`). */
export const BUILD_INFO_MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const HEADER = 32;
const INLINE = 2;
const BIG_ENDIAN = 1;
const ALIGNMENT = 16;
const LONGEST_VERSION = 1024;
const LONGEST_MODULES = 4 * 1024 * 1024;
const SENTINEL = 16;
/** The magic is also a text in programs that read such information themselves: so many places are tried. */
const MOST_PLACES = 64;

const SECTIONS: ReadonlySet<string> = new Set(['.go.buildinfo', '__go_buildinfo']);

/** The build information of a whole executable; undefined where it is none of Go. */
export function readBuildInfo(content: Buffer): BuildInfo | undefined {
  if (!canHaveSection(content, '.go.buildinfo')) return undefined;
  const executable = readExecutable(content);
  if (executable === undefined) return undefined;
  const named = executable.sections.filter(({ name }) => SECTIONS.has(name));
  for (const section of named.length > 0 ? named : executable.sections.filter(({ writable }) => writable)) {
    const found = search(bytesOf(section, content), content, executable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function search(bytes: Buffer, content: Buffer, executable: Executable): BuildInfo | undefined {
  let at = bytes.indexOf(BUILD_INFO_MAGIC);
  for (let tries = 0; at !== -1 && tries < MOST_PLACES; tries++) {
    const flags = bytes[at + 15] ?? 0;
    const found =
      (flags & INLINE) !== 0 ? readInline(bytes.subarray(at)) : readPointers(bytes.subarray(at), content, executable);
    if (found !== undefined) return found;
    at = bytes.indexOf(BUILD_INFO_MAGIC, at + ALIGNMENT);
  }
  return undefined;
}

/** Go 1.18 and later: two texts, each after its length, follow the header. */
export function readInline(bytes: Buffer): BuildInfo | undefined {
  const version = readCounted(bytes, HEADER, LONGEST_VERSION);
  const modules = version === undefined ? undefined : readCounted(bytes, version.end, LONGEST_MODULES);
  return version === undefined || modules === undefined ? undefined : toBuildInfo(version.text, modules.text);
}

function readCounted(bytes: Buffer, start: number, longest: number): { text: Buffer; end: number } | undefined {
  let length = 0;
  let at = start;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    if (byte === undefined || factor > 2 ** 28) return undefined;
    length += (byte & 127) * factor;
    if (byte < 128) break;
  }
  if (length > longest || at + length > bytes.length) return undefined;
  return { text: bytes.subarray(at, at + length), end: at + length };
}

/** Before Go 1.18: pointers to the two strings of the program, which are pointer and length themselves. */
function readPointers(bytes: Buffer, content: Buffer, executable: Executable): BuildInfo | undefined {
  const size = bytes[14];
  if (size !== 4 && size !== 8) return undefined;
  const view = new ByteView(content, ((bytes[15] ?? 0) & BIG_ENDIAN) === 0);
  const header = new ByteView(bytes, ((bytes[15] ?? 0) & BIG_ENDIAN) === 0);
  const stringAt = (pointer: number, longest: number): Buffer | undefined => {
    const at = offsetOf(executable, pointer);
    if (at === undefined) return undefined;
    const length = view.word(at + size, size);
    const start = offsetOf(executable, view.word(at, size));
    return start === undefined || length > longest ? undefined : content.subarray(start, start + length);
  };
  const version = stringAt(header.word(16, size), LONGEST_VERSION);
  const modules = stringAt(header.word(16 + size, size), LONGEST_MODULES);
  return version === undefined ? undefined : toBuildInfo(version, modules ?? Buffer.alloc(0));
}

function toBuildInfo(version: Buffer, modules: Buffer): BuildInfo | undefined {
  const text = version.toString('utf8');
  if (!/^(?:go\d|devel)/.test(text)) return undefined;
  const framed = modules.length >= 2 * SENTINEL + 1 && modules[modules.length - SENTINEL - 1] === 0x0a;
  return { version: text, modules: framed ? modules.toString('utf8', SENTINEL, modules.length - SENTINEL) : '' };
}
