import { columnsOf } from './read-csv.ts';

/** The beginning of a file, as far as importers tell their reports by it. */
export interface ReportHead {
  /** Without folders. */
  fileName: string;
  format: 'json' | 'xml' | 'csv';
  /** Whether a field stands somewhere in it: `matches[].artifact`; a list at the top is `[]`. */
  has(...paths: string[]): boolean;
  /** The first text of a field, at most 200 characters; empty where it has none. */
  value(path: string): string;
  /** Whether some field's path fits. */
  some(fits: (path: string) => boolean): boolean;
  /** Local name of the root, in XML. */
  root: string;
  /** What was read of it. */
  text: string;
  /** Names of the columns, in tables. */
  columns: ReadonlySet<string>;
}

const HEAD = 65_536;
const DEEPEST = 6;
const MOST_PATHS = 4_000;
const LONGEST_NAME = 200;
const LONGEST_VALUE = 200;

/** What the first 64 KiB of a file show; undefined where they are in no format that reports have. One pass, no pattern that backtracks. */
export function reportHead(head: string | Uint8Array, fileName = ''): ReportHead | undefined {
  const decoded = typeof head === 'string' ? head : new TextDecoder().decode(head.subarray(0, HEAD));
  const text = decoded
    .slice(0, HEAD)
    .replace(/^\ufeff/, '')
    .trimStart();
  const none = {
    fileName,
    text,
    has: () => false,
    value: () => '',
    some: () => false,
    root: '',
    columns: new Set<string>(),
  };
  if (text.startsWith('{') || text.startsWith('[')) {
    const { paths, values } = skim(text);
    return {
      ...none,
      format: 'json',
      has: (...wanted) => wanted.every((path) => paths.has(path)),
      value: (path) => values.get(path) ?? '',
      some: (fits) => [...paths].some(fits),
    };
  }
  if (text.startsWith('<')) return { ...none, format: 'xml', root: rootOf(text) };
  const line = text.slice(0, text.indexOf('\n') + 1);
  return line.includes(',') ? { ...none, format: 'csv', columns: new Set(columnsOf(line)) } : undefined;
}

/** Paths of the fields of a JSON text that may end anywhere. */
function skim(text: string): { paths: Set<string>; values: Map<string, string> } {
  const paths = new Set<string>();
  const values = new Map<string, string>();
  /** Path of each open object or list. */
  const open: { path: string; list: boolean }[] = [];
  let field = '';
  for (let at = 0; at < text.length && paths.size < MOST_PATHS; at++) {
    const char = text[at]!;
    const inner = open.at(-1);
    if (char === '{' || char === '[') {
      const holder = inner === undefined ? '' : inner.list ? inner.path : field;
      const path = char === '[' && open.length < DEEPEST ? `${holder}[]` : holder;
      open.push({ path, list: char === '[' });
      if (char === '[' && open.length <= DEEPEST) paths.add(path);
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === '"') {
      const end = endOfText(text, at);
      const content = text.slice(at + 1, Math.min(end, at + 1 + LONGEST_NAME));
      at = end;
      if (inner === undefined || open.length > DEEPEST) continue;
      if (!inner.list && isName(text, end)) {
        field = inner.path === '' ? content : `${inner.path}.${content}`;
        paths.add(field);
      } else {
        const path = inner.list ? inner.path : field;
        if (!values.has(path)) values.set(path, content.slice(0, LONGEST_VALUE));
      }
    }
  }
  return { paths, values };
}

/** Where the text that begins with a quote ends. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** Whether a colon follows. */
function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (at < text.length && /\s/.test(text[at]!)) at += 1;
  return text[at] === ':';
}

/** The local name of the first element. */
function rootOf(text: string): string {
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    const name = /^<(?:[\w.-]{1,64}:)?([A-Za-z_][\w.-]{0,128})/.exec(text.slice(at, at + 256))?.[1];
    if (name !== undefined) return name;
    const end = text.startsWith('<!--', at) ? text.indexOf('-->', at) : text.indexOf('>', at);
    if (end === -1) return '';
    at = end;
  }
  return '';
}
