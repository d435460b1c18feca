import type { Json } from '@breakwater/model';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  type Pair,
  parseAllDocuments,
  type Tags,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Style } from './render-yaml.ts';

/** Why a text cannot be edited with safety. Becomes a note; never leaves this room. */
export class EditRefused extends Error {}

export type Collection = YAMLMap<Node, Node | null> | YAMLSeq<Node | Pair<Node, Node | null>>;

/* A syntax tree takes some hundred times the text's size; an API server takes no object above 3 MiB. */
const MAX_LENGTH = 4_000_000;

/* Marks of the scalars of YAML 1.1 that an API server does not know: times and dates stay texts. */
const FOREIGN = new Set(['timestamp', 'intTime', 'floatTime', 'binary', 'omap', 'pairs', 'set']);

function isForeign(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return FOREIGN.has(tag);
  return FOREIGN.has(tag.tag.replace('tag:yaml.org,2002:', '')) || ('format' in tag && tag.format === 'TIME');
}

/**
 * Reads a text that holds one document, its scalars as those read them who judge manifests: `yes` is true and `0400` is
 * 256, as for an API server. An editor of YAML 1.2 would take an edited `privileged: yes` for a text.
 */
export function parseOne(text: string): Document.Parsed {
  if (text.length > MAX_LENGTH) throw new EditRefused('it is too large to be edited');
  const documents = parseAllDocuments(text, {
    version: '1.1',
    customTags: (tags) => tags.filter((tag) => !isForeign(tag)),
    uniqueKeys: false,
    merge: true,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents) || documents.length !== 1) throw new EditRefused('its documents cannot be told apart');
  const [document] = documents;
  const error = document!.errors[0];
  if (error !== undefined) throw new EditRefused(`it cannot be read: ${error.message.split('\n')[0]}`);
  return document!;
}

/** The document as plain values. */
export function plainValue(document: Document.Parsed): Json {
  try {
    return document.toJS({ maxAliasCount: 1000 }) as Json;
  } catch {
    throw new EditRefused('its aliases multiply without bound');
  }
}

/** A pair of a mapping by its key; the last, where one key stands twice. */
export function pairOf(map: YAMLMap<Node, Node | null>, key: string): Pair<Node, Node | null> | undefined {
  return map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** Where the text of a node or item begins. */
export function startOf(item: Node | Pair<Node, Node | null>): number {
  return rangeOf(isPair(item) ? (item.key as Node) : item)[0];
}

/** Where the text of a node or item ends, without comments and blank lines behind it. */
export function endOf(item: Node | Pair<Node, Node | null>): number {
  if (isPair(item)) {
    const { key, value } = item as Pair<Node, Node | null>;
    return value === null || isEmpty(value) ? endOf(key) : endOf(value);
  }
  if (isCollection(item) && item.flow !== true) {
    const last = (item as Collection).items.at(-1);
    return last === undefined ? rangeOf(item)[1] : endOf(last);
  }
  return rangeOf(item)[1];
}

/** True for a value that has no text at all: `key:`. */
export function isEmpty(node: Node): boolean {
  const [start, end] = rangeOf(node);
  return isScalar(node) && start === end;
}

/** True for `{a: 1}` and `[1]`, and for whatever stands inside of them. */
export function isFlow(node: Collection): boolean {
  return node.flow === true;
}

function rangeOf(node: Node): [number, number, number] {
  if (node.range === null || node.range === undefined) throw new EditRefused('a part of it has no place in the text');
  return node.range;
}

/** Refuses what changes elsewhere when it is edited here. */
export function refuseAlias(node: unknown): void {
  if (isAlias(node)) throw new EditRefused('the field is an alias of another one');
}

/** How a text is written: the first nested mapping and the first list under a key say it. */
export function styleOf(text: string, document: Document.Parsed, json: boolean): Style {
  let step: number | undefined;
  let listIndent: number | undefined;
  visit(document, {
    Pair(_, pair) {
      const { key, value } = pair as Pair<Node, Node | null>;
      if (!isCollection(value) || value.flow === true || (value as Collection).items.length === 0) return;
      const difference = columnOf(text, firstMark(text, value as Collection)) - columnOf(text, startOf(key));
      if (isMap(value)) step ??= difference;
      else listIndent ??= difference;
      return step !== undefined && listIndent !== undefined ? visit.BREAK : undefined;
    },
  });
  return { step: step !== undefined && step > 0 ? step : 2, listIndent: Math.max(listIndent ?? 0, 0), json };
}

/** Where the first item of a block collection begins: its key, or its dash. */
export function firstMark(text: string, node: Collection): number {
  const first = node.items[0]!;
  return isMap(node) ? startOf(first) : dashBefore(text, first);
}

/** Offset of the dash in front of an item of a block list. */
export function dashBefore(text: string, item: Node | Pair<Node, Node | null>): number {
  const at = text.lastIndexOf('-', startOf(item) - 1);
  if (at === -1 || !/^-(?:[ \t]|\r?\n|&|!|#)/.test(text.slice(at)))
    throw new EditRefused('a list is written in an unusual way');
  return at;
}

/** Column of an offset, counted from zero. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Offset at which the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset behind the line break that ends the line of an offset; the end of the text where there is none. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}
