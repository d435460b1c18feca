const MAX_DEPTH = 200;

/**
 * The value without fields that are null, as an API server decodes its own kinds: `securityContext:` with nothing
 * after it is not set. Elements of lists stay, so that positions do. Returns the same value where there are none.
 */
export function withoutNulls<T>(value: T): T {
  if (typeof value !== 'object' || value === null || whole.has(value)) return value;
  if (hasNulls(value, 0)) return prune(value, 0) as T;
  whole.add(value);
  return value;
}

/*
 * An object is judged as itself, and as what surrounds others: it is looked through once. A map from each to what it is
 * without nulls, which is nearly always itself, would keep it until all garbage is collected.
 */
const whole = new WeakSet<object>();

/** A look without copying: most objects have none. */
function hasNulls(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.some((element) => hasNulls(element, depth + 1));
  for (const name in value) {
    const field = (value as Record<string, unknown>)[name];
    if (field === null || (typeof field === 'object' && hasNulls(field, depth + 1))) return true;
  }
  return false;
}

function prune(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((element) => prune(element, depth + 1));
  const present = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(present.map(([name, field]) => [name, prune(field, depth + 1)]));
}
