import type { Json } from '@breakwater/model';
import { isCollection, isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import { renderBlock, renderFlow, renderItem, renderPair, renderScalar, type Style } from './render-yaml.ts';
import { insertLinesAfter, lineBreakOf, type Splice } from './splice.ts';
import {
  type Collection,
  columnOf,
  EditRefused,
  endOf,
  firstMark,
  isEmpty,
  isFlow,
  pairOf,
  refuseAlias,
  startOf,
} from './yaml-document.ts';

type Pointer = readonly (string | number)[];

/** The splice that sets a field: in place where it is there, else inserted into its nearest ancestor that is. */
export function setField(text: string, root: Node | null, pointer: Pointer, value: Json, style: Style): Splice {
  let node = root;
  for (let depth = 0; depth < pointer.length; depth += 1) {
    const step = pointer[depth]!;
    refuseAlias(node);
    if (!isCollection(node)) throw new EditRefused('the document is no mapping');
    const rest = pointer.slice(depth + 1);
    const collection = node as Collection;
    const item = isMap(collection) ? pairOf(collection, String(step)) : itemOf(collection, step);
    if (item === undefined) return insertItem(text, collection, step, wrap(rest, value), style);
    const child = isMap(collection) ? (item as Pair<Node, Node | null>).value : (item as Node);
    refuseAlias(child);
    if (rest.length > 0 && isCollection(child) && fits(child as Collection, rest[0]!)) {
      node = child as Node;
      continue;
    }
    return replaceItem(text, collection, step, item, wrap(rest, value), style);
  }
  throw new EditRefused('the whole document would be replaced');
}

/* A list has numbers, a mapping has names (a number names a field of a mapping too). */
function fits(node: Collection, step: string | number): boolean {
  return isMap(node) || typeof step === 'number';
}

function itemOf(list: Collection, step: string | number): Node | undefined {
  if (typeof step !== 'number') throw new EditRefused('a list has no names');
  return list.items[step] as Node | undefined;
}

function wrap(pointer: Pointer, value: Json): Json {
  return pointer.reduceRight<Json>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);
}

function insertItem(text: string, node: Collection, step: string | number, value: Json, style: Style): Splice {
  if (isFlow(node)) return insertFlow(text, node, step, value, style);
  const last = node.items.at(-1);
  if (last === undefined) throw new EditRefused('an empty part of it is written in an unusual way');
  const column = columnOf(text, firstMark(text, node));
  const lines = isMap(node) ? renderPair(String(step), value, column, style) : renderItem(value, column, style);
  const [first, ...rest] = lines;
  return insertLinesAfter(text, endOf(last), [' '.repeat(column) + first, ...rest]);
}

/* Inside braces: behind the last item, on a line of its own where the items have one. */
function insertFlow(text: string, node: Collection, step: string | number, value: Json, style: Style): Splice {
  const quoted = style.json || quotesKeys(node);
  const [start, end] = node.range!;
  const last = node.items.at(-1);
  const inner = last === undefined ? style.step : columnOf(text, startOf(node.items[0]!));
  const multiline = last !== undefined && /\n/.test(text.slice(start, startOf(node.items[0]!)));
  const body =
    multiline && quoted ? indentJson(value, inner, style.step, lineBreakOf(text)) : renderFlow(value, quoted);
  const name = quoted ? JSON.stringify(String(step)) : renderScalar(String(step), { json: false });
  const item = isMap(node) ? `${name}: ${body}` : body;
  if (last === undefined) return { start, end, text: text[start] + item + text[end - 1] };
  const at = endOf(last);
  const comma = /^\s*,/.exec(text.slice(at, end));
  const before = multiline ? `${lineBreakOf(text)}${' '.repeat(inner)}` : ' ';
  if (comma === null) return { start: at, end: at, text: `,${before}${item}` };
  const behind = at + comma[0].length;
  return { start: behind, end: behind, text: `${before}${item}` };
}

function quotesKeys(node: Collection): boolean {
  const first = node.items[0];
  const key = isMap(node) ? (first as Pair<Node, Node | null> | undefined)?.key : undefined;
  return isScalar(key) && key.type === 'QUOTE_DOUBLE';
}

function indentJson(value: Json, column: number, step: number, newline: string): string {
  return JSON.stringify(value, null, step).replaceAll('\n', newline + ' '.repeat(column));
}

function replaceItem(
  text: string,
  parent: Collection,
  step: string | number,
  item: Node | Pair<Node, Node | null>,
  value: Json,
  style: Style,
): Splice {
  const node = isMap(parent) ? (item as Pair<Node, Node | null>).value : (item as Node);
  const nested = typeof value === 'object' && value !== null;
  if (node !== null && isScalar(node) && !isEmpty(node) && !nested) return replaceScalar(text, node, value, style);
  if (isFlow(parent))
    return replaceFlow(node, item as Pair<Node, Node | null>, value, style.json || quotesKeys(parent));
  if (isMap(parent)) return replacePair(text, parent, String(step), item as Pair<Node, Node | null>, value, style);
  const start = startOf(item);
  const lines = renderBlock(value, columnOf(text, start), style);
  return { start, end: contentEnd(text, endOf(item)), text: lines.join(lineBreakOf(text)) };
}

function replaceScalar(text: string, node: Node & { type?: string | undefined }, value: Json, { json }: Style): Splice {
  const [start, end] = node.range!;
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  const single = node.type === 'QUOTE_SINGLE' && typeof value === 'string' && !/['\n\\]|[^\x20-\x7e]/.test(value);
  const scalar = single ? `'${value}'` : renderScalar(value, { json, quoted });
  return { start, end: block ? contentEnd(text, end) : end, text: scalar };
}

function replaceFlow(node: Node | null, pair: Pair<Node, Node | null>, value: Json, quoted: boolean): Splice {
  const body = renderFlow(value, quoted);
  if (node !== null && !isEmpty(node)) return { start: startOf(node), end: endOf(node), text: body };
  throw new EditRefused(`the key ${String((pair.key as { value?: unknown }).value)} has no value to replace`);
}

function replacePair(
  text: string,
  parent: YAMLMap<Node, Node | null>,
  key: string,
  pair: Pair<Node, Node | null>,
  value: Json,
  style: Style,
): Splice {
  const start = startOf(pair);
  const keyEnd = pair.key.range![1];
  const name = text.slice(start, keyEnd);
  const [first, ...rest] = renderPair(key, value, columnOf(text, firstMark(text, parent)), style);
  const head = name + first!.slice(first!.indexOf(':', renderScalar(key, { json: false }).length));
  const end = Math.max(contentEnd(text, endOf(pair)), colonEnd(text, keyEnd));
  return { start, end, text: [head, ...rest].join(lineBreakOf(text)) };
}

function colonEnd(text: string, keyEnd: number): number {
  const colon = text.indexOf(':', keyEnd);
  return colon === -1 ? keyEnd : colon + 1;
}

/* Block scalars end behind their last line break: that one stays. */
function contentEnd(text: string, end: number): number {
  if (text[end - 1] !== '\n') return end;
  return text[end - 2] === '\r' ? end - 2 : end - 1;
}
