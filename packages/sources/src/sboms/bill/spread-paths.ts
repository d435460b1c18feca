import type { Bill, BillEntry } from './bill.ts';

/**
 * Gives packages without a place that of the lock file or program under which the document lists them, and what these
 * packages need the same. Each package is visited once, whatever cycles there are.
 */
export function spreadPaths({ groups, dependencies, entries }: Bill): void {
  if (groups.size === 0) return;
  const byRef = new Map<string, BillEntry>();
  for (const entry of entries) if (entry.ref !== '' && entry.locations.length === 0) byRef.set(entry.ref, entry);
  for (const [group, path] of groups) {
    if (path === '') continue;
    const waiting = [...(dependencies.get(group) ?? [])];
    for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
      const entry = byRef.get(ref);
      if (!entry || groups.has(ref)) continue;
      byRef.delete(ref);
      entry.locations = [path];
      for (const needed of dependencies.get(ref) ?? []) waiting.push(needed);
    }
  }
}
