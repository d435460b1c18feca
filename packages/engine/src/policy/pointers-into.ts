const MAX_DEPTH = 200;

type Pointer = (string | number)[];

/** Where a part hangs; undefined for the document itself. */
type Link = { holder: object; step: string | number } | undefined;

/**
 * Finds the path to a list or map inside a document by identity: what an expression selects from an object is that part
 * of the object itself. The document is gone through when the first is asked for. Empty for what is not part of it.
 */
export function pointersInto(document: unknown): (part: unknown) => Pointer {
  const links = new Map<object, Link>();
  return (part) => {
    if (typeof part !== 'object' || part === null) return [];
    if (links.size === 0 && typeof document === 'object' && document !== null) collect(document, undefined, 0, links);
    const pointer: Pointer = [];
    for (let link = links.get(part); link !== undefined; link = links.get(link.holder)) pointer.push(link.step);
    return pointer.reverse();
  };
}

function collect(value: object, link: Link, depth: number, into: Map<object, Link>): void {
  if (depth > MAX_DEPTH || into.has(value)) return;
  into.set(value, link);
  if (Array.isArray(value)) {
    for (let step = 0; step < value.length; step += 1) enter(value[step], value, step, depth, into);
  } else {
    for (const step of Object.keys(value)) enter((value as Record<string, unknown>)[step], value, step, depth, into);
  }
}

function enter(part: unknown, holder: object, step: string | number, depth: number, into: Map<object, Link>): void {
  if (typeof part === 'object' && part !== null) collect(part, { holder, step }, depth + 1, into);
}
