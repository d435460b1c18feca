/** An element of a document; names keep no prefix. */
export interface XmlElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** Text directly inside, trimmed. */
  text: string;
  /** Where its tag begins in the document. */
  start: number;
}

const DEEPEST = 64;
const MOST_ELEMENTS = 500_000;
/** Most elements have none, and a map of each would be most of a large document's memory. */
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const ENTITIES: Readonly<Record<string, string>> = Object.freeze({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" });
/** A name begins where white space or a quote ends: tried at each character, a long name would take the square of it. */
const ATTRIBUTE = /(?<![^\s"'])([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * The root of an XML document, enough of the recommendation for package lists: elements, attributes, text, CDATA.
 * Entities are never declared, so none can grow. Undefined where elements are not closed as they were opened, where the
 * document is deeper than 64 elements or has more than `most`, or is none.
 */
export function readXml(text: string, most = MOST_ELEMENTS): XmlElement | undefined {
  const top: XmlElement = { name: '', attributes: NO_ATTRIBUTES, children: [], text: '', start: 0 };
  const open: XmlElement[] = [top];
  let elements = 0;
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('<', at);
    const parent = open.at(-1)!;
    parent.text += decode(text.slice(at, start === -1 ? text.length : start));
    if (start === -1) break;
    const skipped = skipMarkup(text, start, parent);
    if (skipped === undefined) return undefined;
    if (skipped > start) {
      at = skipped;
      continue;
    }
    const end = endOfTag(text, start);
    if (end === -1) return undefined;
    const tag = text.slice(start + 1, end);
    at = end + 1;
    if (tag.startsWith('/')) {
      const closed = open.pop()!;
      if (open.length === 0 || closed.name !== localName(tag.slice(1).trim())) return undefined;
      closed.text = closed.text.trim();
      continue;
    }
    const element = toElement(tag, start);
    elements += 1;
    if (element === undefined || elements > most || open.length > DEEPEST) return undefined;
    parent.children.push(element);
    if (!tag.endsWith('/')) open.push(element);
  }
  return open.length === 1 && top.text.trim() === '' && top.children.length === 1 ? top.children[0] : undefined;
}

/** Steps over a comment, an instruction or a declaration; undefined where it does not end. */
function skipMarkup(text: string, start: number, parent: XmlElement): number | undefined {
  for (const [opening, closing] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
    ['<!', '>'],
  ] as const) {
    if (!text.startsWith(opening, start)) continue;
    const end = text.indexOf(closing, start + opening.length);
    if (end === -1) return undefined;
    if (opening === '<![CDATA[') parent.text += text.slice(start + opening.length, end);
    return end + closing.length;
  }
  return start;
}

/** The bracket that ends a tag, those inside quoted values left out. */
function endOfTag(text: string, start: number): number {
  let quote = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return at;
    else if (char === '<') return -1;
  }
  return -1;
}

function toElement(tag: string, start: number): XmlElement | undefined {
  const name = /^[\p{L}_:][\p{L}\p{N}._:-]*(?=[\s/]|$)/u.exec(tag)?.[0];
  if (name === undefined) return undefined;
  return { name: localName(name), attributes: attributesOf(tag.slice(name.length)), children: [], text: '', start };
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  if (!text.includes('=')) return NO_ATTRIBUTES;
  const attributes = new Map<string, string>();
  for (const [, key, double, single] of text.matchAll(ATTRIBUTE)) attributes.set(key!, decode(double ?? single ?? ''));
  return attributes;
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{2,4}));/g, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Children of a name, at the end of a path of names. */
export function childrenOf(element: XmlElement | undefined, ...path: string[]): XmlElement[] {
  let found = element === undefined ? [] : [element];
  for (const name of path) found = found.flatMap(({ children }) => children.filter((child) => child.name === name));
  return found;
}

/** Text of the first child of a name; undefined where there is none. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return element?.children.find((child) => child.name === name)?.text;
}
