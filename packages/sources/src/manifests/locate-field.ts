import { isAlias, isCollection, isMap, isPair, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml';

/** Where a field begins. One-based. */
export interface FieldPosition {
  line: number;
  column: number;
}

/**
 * Line and column of a field in a YAML or JSON text; of its nearest ancestor that is there, where the field itself is not.
 * Builds the whole syntax tree: call it for faults, not for every object.
 */
export function locateField(text: string, document: number, pointer: readonly (string | number)[]): FieldPosition {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
  const contents = Array.isArray(documents) ? documents[document]?.contents : undefined;
  let offset = startOf(contents) ?? 0;
  let node: unknown = contents;
  for (const key of pointer) {
    const step = stepInto(node, key);
    if (step === undefined) break;
    offset = step.offset ?? offset;
    node = step.value;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
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
