import type { AdvisoryRange, AdvisoryRow } from '@breakwater/model';
import type { VersionOrder } from './versions/version-order.ts';

/** What a row says about one version. */
export type RowVerdict =
  /** `because` continues the sentence "openssl 3.0.11-1 ..."; `fixes` are the row's fixed versions above this one. */
  | { state: 'affected'; because: string; fixes: string[] }
  | { state: 'not-affected' }
  | { state: 'unknown'; because: string };

type RangeVerdict = { affected: boolean; because: string; fixes: string[] } | 'unknown';

/**
 * Whether a row holds for a version, by the evaluation of the OSV schema: every range counts, and so does the list of
 * versions; one that says "affected" is enough. What cannot be read makes the verdict unknown, never "not affected".
 */
export function judgeRow(row: AdvisoryRow, version: string, order: VersionOrder): RowVerdict {
  if (row.versions.includes(version))
    return { state: 'affected', because: 'is listed as affected', fixes: fixesOf(row) };
  const parsed = order.parse(version);
  if (parsed === undefined) return { state: 'unknown', because: 'is no version of this ecosystem' };
  const ranges = row.ranges.filter(({ type }) => type !== 'GIT');
  const verdicts = ranges.map((range) => judgeRange(range, parsed, order));
  const affected = verdicts.filter((verdict) => verdict !== 'unknown').filter((verdict) => verdict.affected);
  const [first] = affected;
  if (first !== undefined) {
    return { state: 'affected', because: first.because, fixes: affected.flatMap(({ fixes }) => fixes) };
  }
  if (verdicts.includes('unknown'))
    return { state: 'unknown', because: `has bounds in ${row.id} that are no versions` };
  return ranges.length > 0 ? { state: 'not-affected' } : judgeList(row, parsed, order);
}

/** A row without ranges: its list is all there is. */
function judgeList(row: AdvisoryRow, version: unknown, order: VersionOrder): RowVerdict {
  const same = row.versions.some((listed) => {
    const other = order.parse(listed);
    return other !== undefined && order.compare(other, version) === 0;
  });
  if (same) return { state: 'affected', because: 'is listed as affected', fixes: [] };
  if (row.versions.length === 0) return { state: 'unknown', because: `is judged in ${row.id} by commits only` };
  if (row.partial) return { state: 'unknown', because: `was not tried by ${row.id}, which knows single versions only` };
  return { state: 'not-affected' };
}

interface Bound {
  kind: 'introduced' | 'fixed' | 'lastAffected';
  text: string;
  /** Undefined: before every version. */
  version: unknown;
}

function judgeRange(range: AdvisoryRange, version: unknown, order: VersionOrder): RangeVerdict {
  const bounds = readBounds(range, order);
  const limits = range.events.flatMap(({ limit }) =>
    limit === undefined || limit === '*' ? [] : [order.parse(limit)],
  );
  if (bounds === undefined || limits.includes(undefined)) return 'unknown';
  bounds.sort((a, b) => compareBounds(a, b, order));
  let affected = false;
  let because = '';
  const fixes: string[] = [];
  for (const bound of bounds) {
    const distance = bound.version === undefined ? 1 : order.compare(version, bound.version);
    if (bound.kind === 'introduced' && distance >= 0) {
      affected = true;
      because = bound.version === undefined ? 'is affected as every version is' : `is not below ${bound.text}`;
    } else if (bound.kind === 'fixed' && distance >= 0) affected = false;
    else if (bound.kind === 'lastAffected' && distance > 0) affected = false;
    else if (bound.kind === 'fixed') {
      if (affected && fixes.length === 0) because = `is below ${bound.text}`;
      fixes.push(bound.text);
    } else if (bound.kind === 'lastAffected' && affected && fixes.length === 0) because = `is not above ${bound.text}`;
  }
  const within = limits.length === 0 || limits.some((limit) => order.compare(version, limit) < 0);
  return { affected: affected && within, because, fixes };
}

function readBounds(range: AdvisoryRange, order: VersionOrder): Bound[] | undefined {
  const bounds: Bound[] = [];
  for (const { introduced, fixed, lastAffected } of range.events) {
    for (const [kind, text] of [
      ['introduced', introduced],
      ['fixed', fixed],
      ['lastAffected', lastAffected],
    ] as const) {
      if (text === undefined) continue;
      const version = order.parse(text);
      const fromStart = kind === 'introduced' && text === '0';
      if (version === undefined && !fromStart) return undefined;
      bounds.push({ kind, text, version: fromStart ? undefined : version });
    }
  }
  return bounds;
}

function compareBounds(a: Bound, b: Bound, order: VersionOrder): number {
  if (a.version === undefined || b.version === undefined) {
    return Number(a.version !== undefined) - Number(b.version !== undefined);
  }
  return order.compare(a.version, b.version);
}

function fixesOf(row: AdvisoryRow): string[] {
  return row.ranges
    .filter(({ type }) => type !== 'GIT')
    .flatMap(({ events }) => events.flatMap(({ fixed }) => (fixed === undefined ? [] : [fixed])));
}
