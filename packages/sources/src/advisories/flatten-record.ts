import type { AdvisoryRow } from '@breakwater/model';
import { isCve } from './cve-key.ts';
import type { OsvRecord } from './osv-record.ts';
import { rateRecord } from './rate-record.ts';
import { type AffectedPackage, readAffected } from './read-affected.ts';

/** What a record says apart from the packages it names. */
export type AdvisoryHead = Omit<AdvisoryRow, keyof AffectedPackage> & {
  published?: string;
  /** Page to read, where the record names one. */
  url?: string;
};

const LONGEST_SUMMARY = 240;

/** An OSV record as the index keeps it: the head once, and a part for each package. */
export function flattenRecord(record: OsvRecord, source: string): { head: AdvisoryHead; parts: AffectedPackage[] } {
  const aliases = [...new Set([record.id, ...(record.aliases ?? [])])];
  const informational = informationalKind(record);
  const url = pageOf(record);
  return {
    head: {
      id: record.id,
      cves: cvesOf(record),
      aliases,
      withdrawn: Boolean(record.withdrawn),
      summary: summaryOf(record),
      ...rateRecord(record),
      ...(informational === undefined ? {} : { informational }),
      source,
      confidence: record.database_specific?.confidence === 'low' ? 'low' : 'high',
      ...(record.modified ? { modified: record.modified } : {}),
      ...(record.published ? { published: record.published } : {}),
      ...(url === undefined ? {} : { url }),
    },
    parts: (record.affected ?? []).flatMap((entry) => readAffected(entry, record)),
  };
}

/**
 * CVEs under which a record's flaws go. `related` counts only where nothing nearer names one: distribution advisories
 * list what they fix there, while elsewhere it holds neighbours, such as the same mistake in another project.
 */
function cvesOf(record: OsvRecord): string[] {
  const near = [record.id, ...(record.aliases ?? []), ...(record.upstream ?? [])].filter(isCve);
  return [...new Set(near.length > 0 ? near : (record.related ?? []).filter(isCve))];
}

/** Advisories that report no flaw: bug fixes and enhancements of distributions, regressions, RustSec's notices. */
function informationalKind(record: OsvRecord): string | undefined {
  const stated = record.database_specific;
  if (stated?.regression_update === true) return 'regression';
  const informational = stated?.informational;
  if (typeof informational === 'string' && informational !== 'unsound') return informational;
  if (cvesOf(record).length > 0) return undefined;
  if (/^(?:AL|RL|RH|EL)BA-/.test(record.id)) return 'bug-fix';
  return /^(?:AL|RL|RH|EL)EA-/.test(record.id) ? 'enhancement' : undefined;
}

function summaryOf(record: OsvRecord): string {
  const text = (record.summary || record.details || '').slice(0, 4 * LONGEST_SUMMARY);
  const flat = text.replace(/[\s\x00-\x1f]+/g, ' ').trim();
  return flat.length <= LONGEST_SUMMARY ? flat : `${flat.slice(0, LONGEST_SUMMARY - 1).trimEnd()}…`;
}

function pageOf(record: OsvRecord): string | undefined {
  const web = (record.references ?? []).filter(({ url }) => /^https?:\/\//.test(url) && url.length <= 500);
  return (web.find(({ type }) => type === 'ADVISORY') ?? web[0])?.url;
}
