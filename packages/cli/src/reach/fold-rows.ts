import type { ReachRow } from '@breakwater/app/reach';

/** From here on rows of a whole namespace are one. */
const FEWEST = 3;

/**
 * Rows that differ in one end alone, which is every workload of a namespace but the other end, as one row to or from
 * `NAMESPACE/*`. `workloads` are all that there are, by name.
 */
export function foldRows(rows: readonly ReachRow[], workloads: readonly string[]): ReachRow[] {
  const sizes = new Map<string, number>();
  for (const name of workloads) sizes.set(namespaceOf(name), (sizes.get(namespaceOf(name)) ?? 0) + 1);
  return foldEnd(foldEnd(rows, 'to', sizes), 'from', sizes);
}

function foldEnd(rows: readonly ReachRow[], end: 'from' | 'to', sizes: ReadonlyMap<string, number>): ReachRow[] {
  const other = end === 'from' ? 'to' : 'from';
  const alike = Map.groupBy(rows, (row) =>
    isWorkload(row[end])
      ? JSON.stringify([row[other], namespaceOf(row[end]), row.ports, row.network])
      : JSON.stringify([row.from, row.to, row.ports, row.network]),
  );
  return [...alike.values()].flatMap((group) => {
    const [first] = group as [ReachRow];
    const namespace = namespaceOf(first[end]);
    const itself = isWorkload(first[other]) && namespaceOf(first[other]) === namespace ? 1 : 0;
    const isWhole = group.length >= FEWEST && group.length === (sizes.get(namespace) ?? 0) - itself;
    return isWhole ? [{ ...first, [end]: `${namespace}/*` }] : group;
  });
}

function isWorkload(end: string): boolean {
  return /^[^ /]+\/[^ /]+\/[^ /]+$/.test(end);
}

function namespaceOf(end: string): string {
  return end.slice(0, Math.max(end.indexOf('/'), 0));
}
