import type { FieldEdit } from '@breakwater/model';
import { isCollection, isMap, type Node, type Pair } from 'yaml';
import { type Collection, pairOf } from './yaml-document.ts';

type Pointer = readonly (string | number)[];

/**
 * Parts edits into those that can be made from one reading of a document, in any order, and the others in their order.
 * An edit works in the innermost collection around its field that is there: two are apart when neither's collection
 * holds the other's.
 */
export function partEdits(root: Node | null, edits: readonly FieldEdit[]): { apart: FieldEdit[]; others: FieldEdit[] } {
  const apart: FieldEdit[] = [];
  const others: FieldEdit[] = [];
  const taken = new Zones();
  for (const edit of edits) {
    const zone = zoneOf(root, edit.pointer);
    (taken.isFree(zone) ? apart : others).push(edit);
    taken.add(zone);
  }
  return { apart, others };
}

/** Pointers of collections in which something is edited, and of all that hold one. */
class Zones {
  readonly #zones = new Set<string>();
  readonly #holders = new Set<string>();

  isFree(zone: Pointer): boolean {
    return !this.#holders.has(keyOf(zone)) && !zone.some((_, depth) => this.#zones.has(keyOf(zone.slice(0, depth))));
  }

  add(zone: Pointer): void {
    this.#zones.add(keyOf(zone));
    for (let depth = 0; depth <= zone.length; depth += 1) this.#holders.add(keyOf(zone.slice(0, depth)));
  }
}

function keyOf(pointer: Pointer): string {
  return JSON.stringify(pointer.map(String));
}

/** Pointer of the innermost collection that is there and holds, or would hold, a field. */
function zoneOf(root: Node | null, pointer: Pointer): Pointer {
  let node: unknown = root;
  let depth = 0;
  while (depth < pointer.length - 1 && isCollection(node)) {
    const child = childOf(node as Collection, pointer[depth]!);
    if (!isCollection(child) || (child as Collection).items.length === 0) break;
    node = child;
    depth += 1;
  }
  return pointer.slice(0, depth);
}

function childOf(node: Collection, step: string | number): unknown {
  if (isMap(node)) return (pairOf(node, String(step)) as Pair<Node, Node | null> | undefined)?.value;
  return typeof step === 'number' ? node.items[step] : undefined;
}
