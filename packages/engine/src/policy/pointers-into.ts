const MAX_DEPTH = 200;

type Pointer = (string | number)[];

/**
 * Finds the path to a list or map inside a document by identity: what an expression selects from an object is that part
 * of the object itself. The document is gone through when the first is asked for. Empty for what is not part of it.
 */
export function pointersInto(document: unknown): (part: unknown) => Pointer {
  const found = new Map<unknown, Pointer>();
  return (part) => {
    if (typeof part !== 'object' || part === null) return [];
    if (found.size === 0) collect(document, [], found);
    return found.get(part) ?? [];
  };
}

function collect(value: unknown, pointer: Pointer, into: Map<unknown, Pointer>): void {
  if (typeof value !== 'object' || value === null || pointer.length > MAX_DEPTH || into.has(value)) return;
  into.set(value, pointer);
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [step, part] of entries) collect(part, [...pointer, step], into);
}
