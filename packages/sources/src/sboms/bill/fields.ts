const LONGEST = 65_536;

/** The value as an object. */
export function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The value as an array; empty when it is none. */
export function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string; empty when it is none, is absurdly long or holds NUL. */
export function cleanText(value: unknown): string {
  return typeof value === 'string' && value.length <= LONGEST && !value.includes('\0') ? value.toWellFormed() : '';
}

/** The elements of an array that are texts and not empty, each once. */
export function textsOf(value: unknown): string[] {
  return [...new Set(arrayOf(value).map(cleanText))].filter((text) => text !== '');
}

/** A document as an object; undefined where it is no JSON, or no object. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return objectOf(JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text));
  } catch {
    return undefined;
  }
}
