import { createRequire } from 'node:module';
import type { Document, Node, Scalar } from 'yaml';
import { resolvePlainScalar } from './kubernetes-yaml.ts';

/* 72 modules for a reader that few files need: loaded with the first of them. */
const require = createRequire(import.meta.url);
let loaded: typeof import('yaml') | undefined;
function yaml(): typeof import('yaml') {
  loaded ??= require('yaml') as typeof import('yaml');
  return loaded;
}

class Refused extends Error {}

const MAX_DEPTH = 100;
const MAX_LENGTH = 4_000_000;
/** Values, those behind aliases counted each time. */
const MAX_VALUES = 1_000_000;

/**
 * Reads a piece of YAML that the strict reader refuses and API servers take: a closing bracket at the indentation of its
 * key, foremost. Undefined where this reader finds a fault too. Slow, for it builds a syntax tree; hence second, and bounded.
 */
export function parseLeniently(text: string): unknown[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    const documents = yaml().parseAllDocuments(text, { schema: 'failsafe', logLevel: 'silent' });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
    return documents.map((document) => new ValueReader(document).read(document.contents, 0));
  } catch (error) {
    // The library's parser calls itself for each level, and runs out of stack some thousands deep.
    if (error instanceof Refused || error instanceof RangeError) return undefined;
    throw error;
  }
}

class ValueReader {
  readonly #document: Document;
  #left = MAX_VALUES;

  constructor(document: Document) {
    this.#document = document;
  }

  read(node: Node | null, depth: number): unknown {
    this.#left -= 1;
    if (depth > MAX_DEPTH || this.#left < 0) throw new Refused();
    if (node === null) return null;
    const { isAlias, isMap, isScalar, isSeq } = yaml();
    if (isScalar(node)) return readScalar(node);
    if (isAlias(node)) return this.read(node.resolve(this.#document) ?? null, depth + 1);
    if (isSeq<Node | null>(node)) return node.items.map((item) => this.read(item, depth + 1));
    if (!isMap<Node, Node | null>(node)) throw new Refused();
    const fields: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(readScalar(key)) : '__proto__';
      if (name === '__proto__') throw new Refused();
      if (name === '<<') addMissing(fields, this.read(value, depth + 1));
      else fields[name] = this.read(value, depth + 1);
    }
    return fields;
  }
}

/* A merge key: what is stated besides it counts, before it or behind it. */
function addMissing(fields: Record<string, unknown>, merged: unknown): void {
  for (const source of Array.isArray(merged) ? merged : [merged]) {
    if (typeof source !== 'object' || source === null) throw new Refused();
    for (const [name, value] of Object.entries(source)) if (!Object.hasOwn(fields, name)) fields[name] = value;
  }
}

function readScalar({ value, type, tag }: Scalar): unknown {
  const text = String(value);
  return type === 'PLAIN' && tag === undefined ? resolvePlainScalar(text) : text;
}
