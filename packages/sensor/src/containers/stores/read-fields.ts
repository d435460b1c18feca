import { readFile } from 'node:fs/promises';

/** A JSON object of a runtime: any field may be missing or of another type. */
export type Fields = Readonly<Record<string, unknown>>;

/** Bytes of a runtime's file that are read at most. */
const LARGEST = 4 * 1024 * 1024;
const LONGEST = 4096;
const MOST_LABELS = 128;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Texts of runtimes end in terminals: without control characters, and of a length that a line can have. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, LONGEST).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '') : '';

/** Without the fields that are empty. */
export const clean = <T extends Record<string, string>>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as Partial<T>;

/** Stores name images by the bare digits of their digest. */
export const digestOf = (text: string): string => (/^[0-9a-f]{64}$/.test(text) ? `sha256:${text}` : text);

/** Labels that people gave, without those by which runtimes and the kubelet keep their own books. */
export function labelsOf(fields: Fields): Record<string, string> {
  const own = Object.entries(fields).filter(
    ([name, value]) => typeof value === 'string' && !/^(?:io\.kubernetes\.|io\.cri-|io\.container\.)/.test(name),
  );
  return Object.fromEntries(own.slice(0, MOST_LABELS).map(([name, value]) => [textOf(name), textOf(value)]));
}

/** What a file holds; undefined where it is not there, too large or no JSON. */
export const readJson = async (path: string): Promise<unknown> =>
  parseJson(await readFile(path, 'utf8').catch(() => ''));

/** What a text holds that should be JSON; undefined where it is none. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== 'string' || text === '' || text.length > LARGEST) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
