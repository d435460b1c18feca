import { ByteView } from '../executables/byte-view.ts';
import { bytesOf } from '../executables/executable.ts';
import { readPe } from '../executables/pe.ts';

/** What the version resource of an assembly of .NET says of it. */
export interface AssemblyVersion {
  /** As it was compiled, without `.dll`: `Newtonsoft.Json`. */
  name: string;
  version: string;
}

const WIDE = 0x20b;
/** Index of the header of the common language runtime in the data directories ("PE Format"). */
const RUNTIME_HEADER = 14;
const NAME = /^[\w-][\w.-]{0,255}$/;
const VERSION = /^\d{1,9}(?:\.\d{1,9}){1,3}(?:-[\w.-]{1,128})?$/;
const LONGEST = 512;

/**
 * Reads the version resource that compilers of .NET write into an assembly: the product version is that of its package,
 * with the commit behind a `+`. Of native programs only the host of an assembly is taken, which bears the name of its
 * `.dll`. Undefined where it is none, `unnamed` where an assembly says nothing of itself.
 */
export function readAssembly(content: Buffer): AssemblyVersion | 'unnamed' | undefined {
  const executable = readPe(content);
  if (executable === undefined) return undefined;
  const section = executable.sections.find(({ name }) => name === '.rsrc');
  const resources = section === undefined ? Buffer.alloc(0) : bytesOf(section, content);
  const stated = textOf(resources, 'OriginalFilename') || textOf(resources, 'InternalName');
  const isAssembly = hasRuntimeHeader(content);
  if (!isAssembly && !stated.endsWith('.dll')) return undefined;
  const name = stated.replace(/\.(?:dll|exe)$/i, '');
  const versions = ['ProductVersion', 'FileVersion', 'Assembly Version'].map((key) => textOf(resources, key));
  const version = versions.map((text) => text.split('+', 1)[0]!.trim()).find((text) => VERSION.test(text));
  if (NAME.test(name) && version !== undefined) return { name, version };
  return isAssembly ? 'unnamed' : undefined;
}

function hasRuntimeHeader(content: Buffer): boolean {
  const view = new ByteView(content, true);
  const optional = view.u32(0x3c) + 24;
  const directories = optional + (view.u16(optional) === WIDE ? 112 : 96);
  return view.u32(directories - 4) > RUNTIME_HEADER && view.u32(directories + RUNTIME_HEADER * 8) !== 0;
}

/** A text of the resource: its key ends in a zero, and the value begins at the next multiple of four. */
function textOf(resources: Buffer, key: string): string {
  const found = resources.indexOf(Buffer.from(`${key}\0`, 'utf16le'));
  if (found === -1) return '';
  let start = found + (key.length + 1) * 2;
  while (start + 1 < resources.length && start < found + key.length * 2 + 8 && resources.readUInt16LE(start) === 0)
    start += 2;
  const text = resources.toString('utf16le', start, start + LONGEST);
  const end = text.indexOf('\0');
  return end === -1 ? '' : text.slice(0, end);
}
