import { isCollection, isMap, type Node, type Pair } from 'yaml';
import { beginsLine, removeLines, type Splice } from './splice.ts';
import {
  type Collection,
  dashBefore,
  EditRefused,
  endOf,
  isFlow,
  lineStart,
  pairOf,
  refuseAlias,
  startOf,
} from './yaml-document.ts';

type Item = Node | Pair<Node, Node | null>;

/** The splices that remove a field, last first; none where it is not there. A collection that loses all becomes `{}` or `[]`. */
export function removeField(text: string, root: Node | null, pointer: readonly (string | number)[]): Splice[] {
  let node: Node | null = root;
  let holder: Pair<Node, Node | null> | undefined;
  for (const [depth, step] of pointer.entries()) {
    refuseAlias(node);
    if (!isCollection(node)) return [];
    const collection = node as Collection;
    const index = indexOf(collection, step);
    if (index === -1) return [];
    const item = collection.items[index] as Item;
    if (depth === pointer.length - 1) return removeItem(text, collection, index, holder);
    holder = isMap(collection) ? (item as Pair<Node, Node | null>) : undefined;
    node = isMap(collection) ? (item as Pair<Node, Node | null>).value : (item as Node);
  }
  return [];
}

function indexOf(node: Collection, step: string | number): number {
  if (!isMap(node)) return typeof step === 'number' && step < node.items.length ? step : -1;
  const pair = pairOf(node, String(step));
  return pair === undefined ? -1 : node.items.indexOf(pair);
}

function removeItem(
  text: string,
  node: Collection,
  index: number,
  holder: Pair<Node, Node | null> | undefined,
): Splice[] {
  if (isFlow(node)) return [removeFlow(text, node, index)];
  const items = node.items as Item[];
  const mark = (item: Item): number => (isMap(node) ? startOf(item) : dashBefore(text, item));
  const start = mark(items[index]!);
  const end = endOf(items[index]!);
  if (items.length === 1) return emptyBlock(text, start, end, isMap(node) ? '{}' : '[]', holder);
  if (beginsLine(text, start)) return [removeLines(text, start, end)];
  return [{ start, end: mark(items[index + 1]!), text: '' }];
}

/* The only item goes: `key:` keeps its line and any comment in it, and gets `{}` behind its colon. */
function emptyBlock(
  text: string,
  start: number,
  end: number,
  empty: string,
  holder: Pair<Node, Node | null> | undefined,
): Splice[] {
  if (!beginsLine(text, start) || holder === undefined) {
    const stop = text[end - 1] === '\n' ? end - 1 : end;
    return [{ start, end: stop, text: empty }];
  }
  const keyEnd = holder.key.range![1];
  const colon = text.indexOf(':', keyEnd);
  if (colon === -1 || colon > start || lineStart(text, start) <= colon)
    throw new EditRefused('a key is written in an unusual way');
  return [removeLines(text, start, end), { start: colon + 1, end: colon + 1, text: ` ${empty}` }];
}

function removeFlow(text: string, node: Collection, index: number): Splice {
  const items = node.items as Item[];
  const [start, end] = node.range!;
  if (items.length === 1) return { start, end, text: text[start]! + text[end - 1]! };
  const next = items[index + 1];
  if (next !== undefined) return { start: startOf(items[index]!), end: startOf(next), text: '' };
  return { start: endOf(items[index - 1]!), end: endOf(items[index]!), text: '' };
}
