import type { AdvisoryLookup, AdvisoryRow } from '@breakwater/model';
import { packageKey } from '../../../packages/sources/src/advisories/package-key.ts';

/** A row with everything that a source leaves unsaid. CVEs come from its ids. */
export function advisoryRow(
  part: Partial<AdvisoryRow> & Pick<AdvisoryRow, 'id' | 'ecosystem' | 'package' | 'source'>,
): AdvisoryRow {
  const aliases = [...new Set([part.id, ...(part.aliases ?? [])])];
  return {
    cves: aliases.filter((id) => /^CVE-[0-9]{4}-[0-9]+$/.test(id)),
    ranges: [],
    versions: [],
    withdrawn: false,
    summary: '',
    severity: 'unknown',
    confidence: 'high',
    ...part,
    aliases,
  };
}

/** The rows of a case as the index would answer: names in the spelling of their ecosystem. */
export function lookupOf(rows: readonly AdvisoryRow[]): AdvisoryLookup {
  const key = (ecosystem: string, name: string) => `${ecosystem}\n${packageKey(ecosystem, name)}`;
  const byName = Map.groupBy(rows, (row) => key(row.ecosystem, row.package));
  return {
    rows: (ecosystem, name) => byName.get(key(ecosystem, name)) ?? [],
    covers: () => true,
    exploitation: () => ({ ransomware: false }),
  };
}
