/** A name and what it is set to, wherever a text has something of that form. */
export interface Assignment {
  name: string;
  value: string;
  /** Where the value begins. */
  start: number;
}

const NAME_LENGTH = 80;
const SIGNS_LENGTH = 12;
const BLANK_LENGTH = 24;
/** The longest value that is looked at: what is longer is no password, and tokens are found by their form. */
const VALUE_LENGTH = 200;

const EQUALS = 61;
const COLON = 58;
const GREATER = 62;
const NEW_LINE = 10;

const signs = tableOf(':=?+.|> \t\r"\'`\\');
const inName = tableOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.- \t');
const blanks = tableOf(' \t"\'`\\=');
const blanksAndLines = tableOf(' \t\r\n"\'`\\=');
const valueEnds = tableOf(' \t\r\n"\'`\\;,<>{}[]');

/**
 * Every `name = value` of a text whose name is wanted, in whatever language: `:=`, `=>`, `?=`, `+=`, JSON, YAML, XML,
 * `name: type = value`. One pass, which looks at most a name's length back from an operator, and a value's ahead.
 */
export function* assignmentsIn(text: string, isWanted: (name: string) => boolean): Generator<Assignment> {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== EQUALS && code !== COLON && code !== GREATER) continue;
    const next = text.charCodeAt(at + 1);
    if (next === EQUALS || next === COLON || next === GREATER) continue;
    const name = nameBefore(text, at);
    if (name === '' || !isWanted(name)) continue;
    const found = valueAfter(text, at + 1, code === GREATER ? blanksAndLines : blanks);
    if (found !== undefined) yield { name, ...found };
  }
}

/** The name that an operator sets: what stands before it on its line, without the operator's other signs and quotes. */
function nameBefore(text: string, operator: number): string {
  let end = operator;
  while (end > 0 && operator - end < SIGNS_LENGTH && has(signs, text, end - 1)) end--;
  let start = end;
  while (start > 0 && end - start < NAME_LENGTH && has(inName, text, start - 1)) start--;
  return text.slice(start, end).trim();
}

/** The value behind an operator, without quotes; undefined where there is none. Behind a tag it may be on the next line. */
function valueAfter(text: string, from: number, blank: Uint8Array): { value: string; start: number } | undefined {
  let start = from;
  while (start < text.length && start - from < BLANK_LENGTH && has(blank, text, start)) start++;
  let end = start;
  while (end < text.length && end - start <= VALUE_LENGTH && !has(valueEnds, text, end)) end++;
  if (end === start || end - start > VALUE_LENGTH || text.charCodeAt(start) === NEW_LINE) return undefined;
  return { value: text.slice(start, end), start };
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

function has(table: Uint8Array, text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && table[code] === 1;
}
