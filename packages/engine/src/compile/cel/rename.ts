import type { Node } from '../../policy/cel/ast.ts';
import { parse } from '../../policy/cel/parser.ts';
import { freeNames } from './free-names.ts';

/** The name as written: `.name` stands for one that no container is put before. */
const plainName = (name: string): string => (name.startsWith('.') ? name.slice(1) : name);

/**
 * The expression with other texts for some of its free names, and all else as its author wrote it.
 *
 * @param texts what stands for each name: `variables.containers` for `containers`.
 */
export function renameFree(
  source: string,
  texts: Readonly<Record<string, string>>,
  root: Node = parse(source),
): string {
  const places = freeNames(root)
    .filter(({ name }) => Object.hasOwn(texts, plainName(name)))
    .sort((a, b) => b.start - a.start);
  let renamed = source;
  for (const { name, start } of places) {
    const plain = plainName(name);
    renamed = renamed.slice(0, start) + texts[plain] + renamed.slice(start + plain.length);
  }
  return renamed;
}
