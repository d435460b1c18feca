import { eventFinder, type OffsetFinder, partFinder } from './locate-in-events.ts';
import { treeFinder } from './locate-in-tree.ts';
import { plainParts } from './plain/plain-parts.ts';

/** Where a field begins. One-based. */
export interface FieldPosition {
  line: number;
  column: number;
}

/** Finds fields of one text by the zero-based document and the path in it. */
export type FieldLocator = (document: number, pointer: readonly (string | number)[]) => FieldPosition;

/** Reads a YAML or JSON text once, to find many of its fields. A field that is not there is found at its nearest ancestor. */
export function fieldLocator(text: string): FieldLocator {
  const find = finderOf(text);
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (document, pointer) => {
    const offset = find(document, pointer);
    const line = lineAt(starts, offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** Characters that the slower parser takes about a second for: fields of longer texts with a fault are not found. */
const MOST_TREE = 4_000_000;

/** Fast where the text is without a fault, as nearly all are; else by a parser that forgives. */
function finderOf(text: string): OffsetFinder {
  const parts = plainParts(text);
  if (parts !== undefined) return partFinder(text, parts);
  try {
    return eventFinder(text);
  } catch {
    return text.length > MOST_TREE ? () => 0 : treeFinder(text);
  }
}

/** The last line that begins at or before an offset, zero-based. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
