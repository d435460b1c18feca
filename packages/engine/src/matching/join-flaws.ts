import type { AdvisoryRow } from '@breakwater/model';

/** One flaw, and the rows that speak of it. */
export interface Flaw<T> {
  /** The CVE; where there is none the first id of its rows. */
  id: string;
  /** Whether `id` is a CVE. */
  cve: boolean;
  rows: T[];
}

/**
 * Sorts the rows of one package by flaw. A CVE is one flaw, so an advisory over several belongs to each; records
 * without a CVE are joined to those that share an id with them, and so are brought under their CVE where one is known.
 */
export function joinFlaws<T extends { row: AdvisoryRow }>(judged: readonly T[]): Flaw<T>[] {
  const cvesOfId = new Map<string, Set<string>>();
  for (const { row } of judged) {
    for (const alias of row.cves.length === 0 ? [] : row.aliases) {
      const cves = cvesOfId.get(alias) ?? new Set();
      for (const cve of row.cves) cves.add(cve);
      cvesOfId.set(alias, cves);
    }
  }
  const flaws = new Map<string, Flaw<T>>();
  const nameless: T[] = [];
  for (const item of judged) {
    const cves = cvesOf(item.row, cvesOfId);
    if (cves.length === 0) nameless.push(item);
    for (const id of cves) {
      const flaw = flaws.get(id) ?? { id, cve: true, rows: [] };
      flaw.rows.push(item);
      flaws.set(id, flaw);
    }
  }
  return [...flaws.values(), ...joinByIds(nameless)];
}

function cvesOf(row: AdvisoryRow, cvesOfId: Map<string, Set<string>>): readonly string[] {
  if (row.cves.length > 0) return row.cves;
  return [...new Set(row.aliases.flatMap((alias) => [...(cvesOfId.get(alias) ?? [])]))];
}

/** Joins rows without a CVE that share an id, also by way of others. */
function joinByIds<T extends { row: AdvisoryRow }>(items: readonly T[]): Flaw<T>[] {
  const flawOfId = new Map<string, Flaw<T>>();
  for (const item of items) {
    const joined = new Set(item.row.aliases.flatMap((alias) => flawOfId.get(alias) ?? []));
    const rows = [...joined].flatMap((flaw) => flaw.rows);
    const flaw: Flaw<T> = { id: rows[0]?.row.id ?? item.row.id, cve: false, rows: [...rows, item] };
    for (const { row } of flaw.rows) for (const alias of row.aliases) flawOfId.set(alias, flaw);
  }
  return [...new Set(flawOfId.values())];
}
