/**
 * The value of a JSON text that a server sent. Keys named `__proto__` are left out: objects are copied later on, and a
 * copy must not change what it is.
 */
export function parseAnswer(text: string): unknown {
  return JSON.parse(text, text.includes('__proto__') ? withoutPrototype : undefined);
}

function withoutPrototype(this: unknown, key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

/** Levels of nesting that are taken: what judges objects goes down as deep as they are. */
const DEEPEST = 100;

/** Whether a value is nested deeper than anything that an API server defines. */
export function isTooDeep(value: unknown, left = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  for (const item of Object.values(value)) if (isTooDeep(item, left - 1)) return true;
  return false;
}
