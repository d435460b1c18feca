const MAX_DEPTH = 200;

/**
 * The value without fields that are null, as an API server decodes its own kinds: `securityContext:` with nothing
 * after it is not set. Elements of lists stay, so that positions do. Returns the same value where there are none.
 */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const pruned = withoutNulls(value[index], depth + 1);
      if (pruned === value[index]) continue;
      copy ??= [...value];
      copy[index] = pruned;
    }
    return copy ?? value;
  }
  return pruneFields(value as Record<string, unknown>, depth);
}

function pruneFields(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  let changed: Map<string, unknown> | undefined;
  for (const [name, field] of Object.entries(fields)) {
    const pruned = field === null ? undefined : withoutNulls(field, depth + 1);
    if (pruned !== field) changed = (changed ?? new Map()).set(name, pruned);
  }
  if (changed === undefined) return fields;
  const entries = Object.entries(fields).map(([name, field]) => [name, changed.has(name) ? changed.get(name) : field]);
  return Object.fromEntries(entries.filter(([, field]) => field !== undefined));
}
