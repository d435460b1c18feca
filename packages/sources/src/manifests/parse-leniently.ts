import { isMap, isScalar, isSeq, type Node, parseAllDocuments, type Scalar } from 'yaml';
import { resolvePlainScalar } from './kubernetes-yaml.ts';

class Refused extends Error {}

const MAX_DEPTH = 100;
const MAX_LENGTH = 4_000_000;

/**
 * Reads a piece of YAML that the strict reader refuses and API servers take: a closing bracket at the indentation of its
 * key, foremost. Undefined where this reader finds a fault too, or an alias (what multiplies is left to the strict reader).
 * Slow, for it builds a syntax tree; hence second, and bounded.
 */
export function parseLeniently(text: string): unknown[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const documents = parseAllDocuments(text, { schema: 'failsafe', logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    return documents.map((document) => valueOfNode(document.contents, 0));
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function valueOfNode(node: Node | null, depth: number): unknown {
  if (node === null) return null;
  if (depth > MAX_DEPTH) throw new Refused();
  if (isScalar(node)) return valueOfScalar(node);
  if (isSeq<Node | null>(node)) return node.items.map((item) => valueOfNode(item, depth + 1));
  if (!isMap<Node, Node | null>(node)) throw new Refused();
  const fields: Record<string, unknown> = {};
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(valueOfScalar(key)) : '__proto__';
    if (name === '__proto__' || name === '<<') throw new Refused();
    fields[name] = valueOfNode(value, depth + 1);
  }
  return fields;
}

function valueOfScalar({ value, type, tag }: Scalar): unknown {
  const text = String(value);
  return type === 'PLAIN' && tag === undefined ? resolvePlainScalar(text) : text;
}
