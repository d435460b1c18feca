import { createRequire } from 'node:module';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import type { OffsetFinder } from './locate-in-events.ts';

/* 72 modules, for the few texts that the strict parser refuses. */
const require = createRequire(import.meta.url);
let loaded: typeof import('yaml') | undefined;
function yaml(): typeof import('yaml') {
  loaded ??= require('yaml') as typeof import('yaml');
  return loaded;
}

/** Reads a text by a parser that forgives, to find many of its fields. Slow, for it builds a syntax tree. Never throws. */
export function treeFinder(text: string): OffsetFinder {
  const documents = yaml().parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  return (document, pointer) => offsetOf(Array.isArray(documents) ? documents[document] : undefined, pointer);
}

function offsetOf(document: Document | undefined, pointer: readonly (string | number)[]): number {
  let offset = startOf(document?.contents) ?? 0;
  let node: unknown = document?.contents;
  const budget = { hops: MAX_HOPS };
  for (const key of pointer) {
    const step = stepInto(document!, node, key, budget);
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

/* Aliases may lead to aliases, and merge keys to many merge keys. */
const MAX_HOPS = 1_000;

/** What stands behind a key, also where an alias or a merge key (`<<`) brings it: there it is written. */
function stepInto(document: Document, node: unknown, key: string | number, budget: { hops: number }): Step | undefined {
  if (budget.hops-- <= 0) return undefined;
  const { isAlias, isCollection, isMap } = yaml();
  if (isAlias(node)) return stepInto(document, node.resolve(document), key, budget);
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
    const found = source === undefined ? undefined : stepInto(document, source, key, budget);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  const { isPair, isScalar } = yaml();
  return map.items.findLast((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
