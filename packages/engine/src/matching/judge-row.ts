import type { AdvisoryRange, AdvisoryRow } from '@breakwater/model';
import type { VersionOrder } from './versions/version-order.ts';

/** What a row says about one version. `because` continues the sentence "openssl 3.0.11-1 ...". */
export type RowVerdict =
  | { state: 'affected'; because: string }
  /** `settled`: by somebody whose word ends the matter, whatever other sources say. */
  | { state: 'not-affected'; settled?: true }
  | { state: 'unknown'; because: string }
  /** The row makes statements on some versions only, and this is none of them. */
  | { state: 'silent' };

const NOT_AFFECTED: RowVerdict = { state: 'not-affected' };
const SETTLED: RowVerdict = { state: 'not-affected', settled: true };

/**
 * Whether a row holds for a version, by the evaluation of the OSV schema: every range counts, and so does the list of
 * versions; one that says "affected" is enough. What cannot be read makes the verdict unknown, never "not affected".
 * `parsed` is the version in parts, undefined when it is none.
 */
export function judgeRow(row: AdvisoryRow, version: string, parsed: unknown, order: VersionOrder): RowVerdict {
  const verdict = judgeVersion(row, version, parsed, order);
  if (verdict.state === 'affected' && row.onlyFixes) return { state: 'silent' };
  return verdict.state === 'not-affected' && row.settles ? SETTLED : verdict;
}

function judgeVersion(row: AdvisoryRow, version: string, parsed: unknown, order: VersionOrder): RowVerdict {
  if (row.versions.includes(version)) return { state: 'affected', because: 'is listed as affected' };
  if (row.unaffected?.includes(version)) return NOT_AFFECTED;
  if (parsed === undefined) return { state: 'unknown', because: 'is no version of this ecosystem' };
  if (isListed(row.unaffected ?? [], parsed, order)) return NOT_AFFECTED;
  if (row.unaffected !== undefined && row.ranges.length + row.versions.length === 0) return { state: 'silent' };
  let because: string | undefined;
  let unknown = false;
  let ranges = 0;
  for (const range of rangesFor(row.ranges, version)) {
    if (range.type === 'GIT') continue;
    ranges++;
    const verdict = judgeRange(range, parsed, order);
    if (verdict === 'unknown') unknown = true;
    else because ??= verdict?.because;
  }
  if (because !== undefined) return { state: 'affected', because };
  if (unknown) return { state: 'unknown', because: `has bounds in ${row.id} that cannot be read` };
  return ranges > 0 ? NOT_AFFECTED : judgeList(row, parsed, order);
}

/** The ranges of the branch that a build is of, by its release tag: `glibc-2.34-60.el9_2.7` is of `el9_2`. */
function rangesFor(ranges: readonly AdvisoryRange[], version: string): readonly AdvisoryRange[] {
  if (!ranges.some(({ branch }) => branch !== undefined)) return ranges;
  const tags = new Set(version.split(/[.-]/));
  const own = ranges.filter(({ branch }) => branch !== undefined && tags.has(branch));
  return own.length > 0 ? own : ranges.filter(({ branch }) => branch === undefined);
}

function isListed(versions: readonly string[], version: unknown, order: VersionOrder): boolean {
  return versions.some((listed) => {
    const other = order.parse(listed);
    return other !== undefined && order.compare(other, version) === 0;
  });
}

/** A row without ranges: its list is all there is. */
function judgeList(row: AdvisoryRow, version: unknown, order: VersionOrder): RowVerdict {
  if (isListed(row.versions, version, order)) return { state: 'affected', because: 'is listed as affected' };
  if (row.versions.length === 0) return { state: 'unknown', because: `is judged in ${row.id} by commits only` };
  if (row.partial) return { state: 'unknown', because: `was not tried by ${row.id}, which knows single versions only` };
  return NOT_AFFECTED;
}

interface Bound {
  kind: 'introduced' | 'fixed' | 'lastAffected' | 'limit';
  text: string;
  /** Undefined: before every version. */
  version: unknown;
}

/** Undefined where the range does not hold the version. */
function judgeRange(
  range: AdvisoryRange,
  version: unknown,
  order: VersionOrder,
): { because: string } | 'unknown' | undefined {
  const bounds = readBounds(range, order);
  if (bounds === undefined) return 'unknown';
  let affected = false;
  let because = '';
  let ended = false;
  let limited = false;
  let withinLimit = false;
  for (const { kind, text, version: bound } of bounds) {
    const reached = bound === undefined ? 1 : order.compare(version, bound);
    if (kind === 'limit') {
      limited = true;
      withinLimit ||= reached < 0;
    } else if (kind === 'introduced') {
      if (reached < 0) continue;
      affected = true;
      because = bound === undefined ? 'is affected as every version is' : `is not below ${text}`;
    } else if (kind === 'fixed' ? reached >= 0 : reached > 0) {
      affected = false;
    } else if (affected && !ended) {
      ended = true;
      because = `is ${kind === 'fixed' ? 'below' : 'not above'} ${text}`;
    }
  }
  return affected && (withinLimit || !limited) ? { because } : undefined;
}

/** Bounds in the order of their versions; undefined when one of them is no version, or none says where it begins. */
function readBounds({ events }: AdvisoryRange, order: VersionOrder): Bound[] | undefined {
  const bounds: Bound[] = [];
  for (const { introduced, fixed, lastAffected, limit } of events) {
    if (introduced === '0') bounds.push({ kind: 'introduced', text: introduced, version: undefined });
    else if (introduced !== undefined)
      bounds.push({ kind: 'introduced', text: introduced, version: order.parse(introduced) });
    if (fixed !== undefined) bounds.push({ kind: 'fixed', text: fixed, version: order.parse(fixed) });
    if (lastAffected !== undefined) {
      bounds.push({ kind: 'lastAffected', text: lastAffected, version: order.parse(lastAffected) });
    }
    if (limit !== undefined && limit !== '*') bounds.push({ kind: 'limit', text: limit, version: order.parse(limit) });
  }
  const unreadable = bounds.some(
    ({ kind, text, version }) => version === undefined && !(kind === 'introduced' && text === '0'),
  );
  if (unreadable || !bounds.some(({ kind }) => kind === 'introduced')) return undefined;
  return bounds.sort((a, b) => compareBounds(a, b, order));
}

function compareBounds(a: Bound, b: Bound, order: VersionOrder): number {
  if (a.version === undefined || b.version === undefined) {
    return Number(a.version !== undefined) - Number(b.version !== undefined);
  }
  return order.compare(a.version, b.version);
}

/** Every version that a row calls fixed, whatever the branch. */
export function fixesOf(row: AdvisoryRow): string[] {
  return row.ranges
    .filter(({ type }) => type !== 'GIT')
    .flatMap(({ events }) => events.flatMap(({ fixed }) => (fixed === undefined ? [] : [fixed])));
}
