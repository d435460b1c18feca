import { linesOf, parseJson } from './read-text.ts';

/** A value of a document: text as it stands (flow collections too), or a map. */
export type IndentedValue = string | IndentedMap;
export type IndentedMap = Map<string, IndentedValue>;

export interface IndentedDocument {
  root: IndentedMap;
  /** One-based lines that were not understood. */
  oddLines: number[];
}

interface Level {
  indent: number;
  map: IndentedMap;
}

const DEEPEST = 64;
const EMPTY: ReadonlySet<string> = new Set(['', '{}']);
const BLOCK_TEXT = /^[|>][0-9+-]{0,2}$/;

/**
 * Reads the part of YAML that package managers write: nested maps by indentation, one value a line. Lists and block
 * texts are passed over. No anchors, aliases, tags or merges, so that nothing grows; what is outside of this part is an
 * odd line. In time linear in the text.
 */
export function parseIndentedMaps(text: string): IndentedDocument[] {
  const documents: IndentedDocument[] = [];
  let reader = new DocumentReader();
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (line === '---') {
      documents.push(reader.document);
      reader = new DocumentReader();
    } else reader.read(line, number);
  }
  documents.push(reader.document);
  return documents.filter(({ root, oddLines }) => root.size > 0 || oddLines.length > 0);
}

class DocumentReader {
  readonly document: IndentedDocument = { root: new Map(), oddLines: [] };
  readonly #levels: Level[] = [{ indent: -1, map: this.document.root }];
  /** Lines that are indented deeper belong to a text or a list. */
  #passDeeperThan = Number.POSITIVE_INFINITY;
  /** Key of a `? key` line, whose value follows after `: `. */
  #longKey: { indent: number; key: string } | undefined;

  read(line: string, number: number): void {
    const indent = indentOf(line);
    if (indent === line.length || line[indent] === '#') return;
    if (indent > this.#passDeeperThan) return;
    this.#passDeeperThan = Number.POSITIVE_INFINITY;
    const content = line.slice(indent).trimEnd();
    if (content.startsWith('- ') || content === '-') this.#passDeeperThan = indent;
    else if (content.startsWith('? ')) this.#longKey = { indent, key: unquote(content.slice(2).trim()) ?? '' };
    else if (content.startsWith(': ') && this.#longKey?.indent === indent) this.#openLongKey(content, number);
    else if (content.startsWith('\t') || !this.#entry(content, indent)) this.document.oddLines.push(number);
  }

  #openLongKey(content: string, number: number): void {
    const { indent, key } = this.#longKey!;
    this.#longKey = undefined;
    if (!this.#set(key, '', indent) || !this.#entry(content.slice(2), indent + 2)) this.document.oddLines.push(number);
  }

  #entry(content: string, indent: number): boolean {
    const split = splitEntry(content);
    if (split === undefined) return false;
    const [key, rest] = split;
    if (BLOCK_TEXT.test(rest)) {
      this.#passDeeperThan = indent;
      return this.#set(key, '\0', indent);
    }
    const value = unquote(rest);
    return value !== undefined && this.#set(key, value, indent);
  }

  #set(key: string, value: string, indent: number): boolean {
    while (this.#levels.at(-1)!.indent >= indent) this.#levels.pop();
    const { map } = this.#levels.at(-1)!;
    if (map.has(key) || this.#levels.length > DEEPEST) return false;
    if (!EMPTY.has(value)) map.set(key, value);
    else {
      const child: IndentedMap = new Map();
      map.set(key, child);
      this.#levels.push({ indent, map: child });
    }
    return true;
  }
}

function indentOf(line: string): number {
  let indent = 0;
  while (line.charCodeAt(indent) === 32) indent += 1;
  return indent;
}

/** `key: value`, `'key': value` or `key:`; undefined where the line is no entry. */
function splitEntry(content: string): [key: string, rest: string] | undefined {
  const quote = content[0];
  if (quote === "'" || quote === '"') {
    const end = endOfQuoted(content, quote);
    const key = end === -1 ? undefined : unquote(content.slice(0, end));
    return key === undefined || content[end] !== ':' ? undefined : [key, content.slice(end + 1).trim()];
  }
  if (content.endsWith(':') && !content.includes(': ')) return [content.slice(0, -1), ''];
  const colon = content.indexOf(': ');
  return colon <= 0 ? undefined : [content.slice(0, colon), content.slice(colon + 2).trim()];
}

/** Index behind the closing quote; -1 where there is none. */
function endOfQuoted(text: string, quote: string): number {
  for (let at = 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return -1;
}

/** A scalar without its quotes and the comment behind it; undefined where it is an anchor, an alias, a tag or torn. */
function unquote(text: string): string | undefined {
  const quote = text[0];
  if (quote === '&' || quote === '*' || quote === '!') return undefined;
  if (quote !== "'" && quote !== '"') return beforeComment(text).trimEnd();
  const end = endOfQuoted(text, quote);
  if (end === -1 || beforeComment(text.slice(end)).trim() !== '') return undefined;
  if (quote === "'") return text.slice(1, end - 1).replaceAll("''", "'");
  const value = parseJson(text.slice(0, end));
  return typeof value === 'string' ? value : undefined;
}

function beforeComment(text: string): string {
  const at = text.indexOf(' #');
  return at === -1 ? text : text.slice(0, at);
}
