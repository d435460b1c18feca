import type { EcosystemContext, Inventory, PackageFile } from './ecosystem.ts';

/** Largest file that is parsed as a whole: lock files of the largest projects stay below a quarter of it. */
const LARGEST = 16 * 1024 * 1024;

/** The text of a package file, its byte order mark left out; undefined, and an unknown, where it is too large. */
export function readText(file: PackageFile, context: EcosystemContext, inventory: Inventory): string | undefined {
  if (file.bytes.length > LARGEST) {
    reportUnreadable(file, `is larger than ${LARGEST} bytes`, context, inventory);
    return undefined;
  }
  return decodeText(file.bytes);
}

/** Bytes as text, UTF-16 where they say so, their byte order mark left out. */
export function decodeText(bytes: Buffer): string {
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Its lines, without their ends, one at a time: a text of nothing but ends of lines takes no more room than its bytes. */
export function* linesOf(text: string): Generator<string> {
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    yield text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end);
    start = end + 1;
  }
}

/** A package file as a JSON object; undefined, and an unknown, where it is none. */
export function readJson(file: PackageFile, context: EcosystemContext, inventory: Inventory): Fields | undefined {
  return readJsonText(file, context, inventory)?.content;
}

/** A package file as a JSON object with its text, in which lines are found; undefined, and an unknown, where it is none. */
export function readJsonText(
  file: PackageFile,
  context: EcosystemContext,
  inventory: Inventory,
): { content: Fields; text: string } | undefined {
  const text = readText(file, context, inventory);
  if (text === undefined) return undefined;
  const content = parseJson(text);
  if (isFields(content)) return { content, text };
  reportUnreadable(file, 'is no JSON object', context, inventory);
  return undefined;
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Says of a package file that nothing could be had of it. */
export function reportUnreadable(
  { path }: PackageFile,
  why: string,
  { target }: EcosystemContext,
  { unknowns }: Inventory,
): void {
  const message = `A package file ${why}: what it names is not known`;
  unknowns.push({ code: 'package-file-unreadable', message, place: { source: target, path: `/${path}` } });
}

/** An object of a foreign document. Only its own fields may be asked for. */
export type Fields = Record<string, unknown>;

/** Whether a foreign value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field's text; empty where it has none. */
export function textOf(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : '';
}

/** A field's object; empty where it has none. */
export function fieldsOf(fields: Fields, name: string): Fields {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return isFields(value) ? value : {};
}

/** The items of a field that is a list; empty where it is none. */
export function listOf(fields: Fields, name: string): unknown[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return Array.isArray(value) ? value : [];
}
