import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';

/** Where a field begins. One-based. */
export interface FieldPosition {
  line: number;
  column: number;
}

/** Finds fields of one text by the zero-based document and the path in it. */
export type FieldLocator = (document: number, pointer: readonly (string | number)[]) => FieldPosition;

/**
 * Reads a YAML or JSON text once, to find many of its fields. A field that is not there is found at its nearest
 * ancestor. Builds the whole syntax tree: call it for faults, not for every object.
 */
export function fieldLocator(text: string): FieldLocator {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
  return (document, pointer) => {
    const found = Array.isArray(documents) ? documents[document] : undefined;
    const { line, col } = lines.linePos(offsetOf(found, pointer));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
}

function offsetOf(document: Document | undefined, pointer: readonly (string | number)[]): number {
  let offset = startOf(document?.contents) ?? 0;
  let node: unknown = document?.contents;
  for (const key of pointer) {
    const step = stepInto(document!, node, key, 0);
    if (step === undefined) break;
    offset = step.offset ?? offset;
    node = step.value;
  }
  return offset;
}

interface Step {
  offset: number | undefined;
  value: unknown;
}

/* Aliases may lead to aliases, and merge keys to merge keys. */
const MAX_HOPS = 16;

/** What stands behind a key, also where an alias or a merge key (`<<`) brings it: there it is written. */
function stepInto(document: Document, node: unknown, key: string | number, hops: number): Step | undefined {
  if (hops > MAX_HOPS) return undefined;
  if (isAlias(node)) return stepInto(document, node.resolve(document), key, hops + 1);
  if (!isCollection(node)) return undefined;
  if (!isMap(node)) {
    const value = typeof key === 'number' ? node.items[key] : undefined;
    return value === undefined ? undefined : { offset: startOf(value), value };
  }
  const pair = pairOf(node, String(key));
  if (pair !== undefined) return { offset: startOf(pair.key), value: pair.value };
  const merged = pairOf(node, '<<')?.value;
  const sources = isCollection(merged) && !isMap(merged) ? merged.items : [merged];
  for (const source of sources) {
    const found = source === undefined ? undefined : stepInto(document, source, key, hops + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
