/** A JSON object whose fields are not known yet. */
export type Json = Record<string, unknown>;

/** A longer text in an image document is cut: nothing reads it whole. */
const LONGEST_TEXT = 16_384;

/** Parses a document; undefined where there is none, or it is no JSON. */
export function parseDocument(bytes: Buffer | undefined): unknown {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The value as an object, or an empty one. */
export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** The value as a list, or an empty one. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text of a sane length, or undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : undefined;
}
