import type { AdvisoryRow } from '@breakwater/model';

/** One flaw, and the rows that speak of it. */
export interface Flaw<T> {
  /** The CVE; where there is none the first id of its rows. */
  id: string;
  /** Whether `id` is a CVE. */
  cve: boolean;
  rows: T[];
  /** CVEs that turned out to be the same flaw. */
  duplicates: string[];
}

/**
 * Sorts the rows of one package by flaw. A CVE is one flaw, so an advisory over several belongs to each; records
 * without a CVE are joined to those that share an id with them, and so are brought under their CVE where one is known.
 * Only flaws with a wanted row are returned: of a much patched package most are not, and they would cost the most.
 */
export function joinFlaws<T extends { row: AdvisoryRow }>(
  judged: readonly T[],
  isWanted: (item: T) => boolean,
): Flaw<T>[] {
  const cvesOfId = judged.some(({ row }) => row.cves.length === 0) ? cvesById(judged) : new Map<string, Set<string>>();
  const flaws = new Map<string, Flaw<T>>();
  const nameless: T[] = [];
  for (const item of judged) {
    for (const id of isWanted(item) ? cvesOf(item.row, cvesOfId) : []) {
      flaws.set(id, { id, cve: true, rows: [], duplicates: [] });
    }
  }
  for (const item of judged) {
    const cves = cvesOf(item.row, cvesOfId);
    if (cves.length === 0) nameless.push(item);
    for (const id of cves) flaws.get(id)?.rows.push(item);
  }
  joinDuplicates(flaws);
  return [...flaws.values(), ...joinByIds(nameless).filter(({ rows }) => rows.some(isWanted))];
}

/**
 * Takes out CVEs that are known from advisories only which call another CVE an alias, the same flaw, where somebody
 * speaks of that one by itself: the first was assigned twice.
 */
function joinDuplicates<T extends { row: AdvisoryRow }>(flaws: Map<string, Flaw<T>>): void {
  const candidates = [...flaws.values()].filter(({ rows }) => rows.every(({ row }) => sameCves(row).length > 1));
  for (const { id, rows } of candidates) {
    const kept = rows.flatMap(({ row }) => (sameCves(row).includes(id) ? sameCves(row) : [])).find(isNamedAlone);
    if (kept === undefined) continue;
    flaws.get(kept)?.duplicates.push(id);
    flaws.delete(id);
  }

  function isNamedAlone(cve: string): boolean {
    return flaws.get(cve)?.rows.some(({ row }) => row.cves.length === 1) ?? false;
  }
}

/** CVEs that a row says are names of one flaw, unlike those of an advisory over many. */
function sameCves({ cves, aliases }: AdvisoryRow): string[] {
  return cves.length < 2 ? cves : cves.filter((cve) => aliases.includes(cve));
}

function cvesById(judged: readonly { row: AdvisoryRow }[]): Map<string, Set<string>> {
  const cvesOfId = new Map<string, Set<string>>();
  for (const { row } of judged) {
    for (const alias of row.cves.length === 0 ? [] : row.aliases) {
      const cves = cvesOfId.get(alias) ?? new Set();
      for (const cve of row.cves) cves.add(cve);
      cvesOfId.set(alias, cves);
    }
  }
  return cvesOfId;
}

function cvesOf(row: AdvisoryRow, cvesOfId: Map<string, Set<string>>): readonly string[] {
  if (row.cves.length > 0) return row.cves;
  return [...new Set(row.aliases.flatMap((alias) => [...(cvesOfId.get(alias) ?? [])]))];
}

/** Joins rows without a CVE that share an id, also by way of others: a union of the sets of their ids. */
function joinByIds<T extends { row: AdvisoryRow }>(items: readonly T[]): Flaw<T>[] {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    if (root !== id) parents.set(id, root);
    return root;
  };
  for (const { row } of items) {
    for (const alias of row.aliases) {
      const [root, other] = [rootOf(row.id), rootOf(alias)];
      if (root !== other) parents.set(other, root);
    }
  }
  const flaws = Map.groupBy(items, ({ row }) => rootOf(row.id));
  return [...flaws.values()].map((rows) => ({ id: rows[0]!.row.id, cve: false, rows, duplicates: [] }));
}
