/** A JSON object from a stranger: every field may be missing or of a wrong type. */
export type JsonFields = { [key: string]: unknown };

/** Longest path or message that is kept, in UTF-16 units. PATH_MAX of Linux is 4096. */
const LONGEST_TEXT = 4096;
/** Longest name in Kubernetes is a DNS subdomain of 253. Image references may be longer. */
const LONGEST_NAME = 512;
const MOST_LABELS = 128;
/** Control characters, and those that turn the direction of text: none may reach a terminal or a page. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE.source, 'g');
const DIGITS = /^-?\d{1,15}$/;
const UTC = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,12})?Z$/;
const ANY_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)$/;

/** The value as an object, if it is one. */
export function fieldsOf(value: unknown): JsonFields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonFields) : undefined;
}

/** The value as a list; empty when it is none. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Free text (a path, a command line, a message): cut at 4096, unprintable characters written as `\u001b`. */
export function cleanText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const text = value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value;
  return UNPRINTABLE.test(text) ? text.replace(ALL_UNPRINTABLE, escaped) : text;
}

/** A name that identifies something: dropped, never mended, when it is too long or has unprintable characters. */
export function cleanName(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_NAME) return undefined;
  return UNPRINTABLE.test(value) ? undefined : value;
}

/** An integer, also one written as a string, as protocol buffers write 64 bits. */
export function integerOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** A TCP or UDP port. */
export function portOf(value: unknown): number | undefined {
  const port = integerOf(value);
  return port !== undefined && port >= 0 && port <= 65535 ? port : undefined;
}

/** RFC 3339 with any precision and zone as ISO 8601 in UTC with milliseconds, so that times sort as strings. */
export function timeOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 40 || value.length < 20) return undefined;
  const place = placeOf(value);
  const told = TIMES[place];
  if (told !== undefined && told.value === value) return told.time;
  const time = readTime(value);
  TIMES[place] = { value, time };
  return time;
}

/** A time stands in many lines: of a process when it began, of many events the second. */
const TIMES: ({ value: string; time: string | undefined } | undefined)[] = new Array(64).fill(undefined);

const placeOf = (value: string): number =>
  (value.charCodeAt(18) * 5 + value.charCodeAt(value.length - 3) * 7 + value.charCodeAt(value.length - 2)) & 63;

function readTime(value: string): string | undefined {
  if (!UTC.test(value)) return ANY_TIME.test(value) ? isoOf(Date.parse(value)) : undefined;
  if (value.length === 24) return value;
  return value.length > 24 ? `${value.slice(0, 23)}Z` : `${value.slice(0, -1).padEnd(20, '.').padEnd(23, '0')}Z`;
}

/** Milliseconds since 1970 as ISO 8601; undefined outside the years 1970 to 9999. */
export function isoOf(milliseconds: number): string | undefined {
  return milliseconds >= 0 && milliseconds < 253_402_300_800_000 ? new Date(milliseconds).toISOString() : undefined;
}

/** Labels from an object, or from a list of `key=value` as older agents write them. */
export function cleanLabels(value: unknown): Record<string, string> {
  const labels: Record<string, string> = {};
  const pairs = Array.isArray(value) ? value.map(splitLabel) : Object.entries(fieldsOf(value) ?? {});
  for (const [rawKey, rawValue] of pairs.slice(0, MOST_LABELS)) {
    const key = cleanName(rawKey);
    if (key === undefined || key === '__proto__') continue;
    const label = rawValue === '' ? '' : cleanName(rawValue);
    if (label !== undefined) labels[key] = label;
  }
  return labels;
}

function splitLabel(label: unknown): [string, unknown] {
  const text = typeof label === 'string' ? label : '';
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals).replace(/^k8s:/, ''), text.slice(equals + 1)];
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
