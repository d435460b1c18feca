import { isAlias, isCollection, isMap, isPair, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml';

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
    const contents = Array.isArray(documents) ? documents[document]?.contents : undefined;
    const { line, col } = lines.linePos(offsetOf(contents, pointer));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
}

function offsetOf(contents: unknown, pointer: readonly (string | number)[]): number {
  let offset = startOf(contents) ?? 0;
  let node = contents;
  for (const key of pointer) {
    const step = stepInto(node, key);
    if (step === undefined) break;
    offset = step.offset ?? offset;
    node = step.value;
  }
  return offset;
}

function stepInto(node: unknown, key: string | number): { offset: number | undefined; value: unknown } | undefined {
  if (isAlias(node) || !isCollection(node)) return undefined;
  if (!isMap(node)) {
    const value = typeof key === 'number' ? node.items[key] : undefined;
    return value === undefined ? undefined : { offset: startOf(value), value };
  }
  const pair = node.items.findLast(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
  );
  return pair === undefined ? undefined : { offset: startOf(pair.key), value: pair.value };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
