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

/** A version that rows are judged for. What lists of ranges say of it is kept: many flaws of a package share theirs. */
export class JudgedVersion {
  readonly text: string;
  /** In parts, undefined when it is none. */
  readonly parsed: unknown;
  readonly order: VersionOrder;
  readonly #known = new Map<readonly AdvisoryRange[], RangesVerdict>();

  constructor(text: string, order: VersionOrder) {
    this.text = text;
    this.order = order;
    this.parsed = order.parse(text);
  }

  judgeRanges(ranges: readonly AdvisoryRange[]): RangesVerdict {
    const known = this.#known.get(ranges) ?? judgeRanges(ranges, this);
    this.#known.set(ranges, known);
    return known;
  }
}

/** What the ranges of a row say together. */
interface RangesVerdict {
  /** Why the version is in one of them; undefined where it is in none. */
  because?: string | undefined;
  /** Whether one of them cannot be read. */
  unknown: boolean;
  /** Those that are of versions, not of commits. */
  count: number;
}

/**
 * Whether a row holds for a version, by the evaluation of the OSV schema: every range counts, and so does the list of
 * versions; one that says "affected" is enough. What cannot be read makes the verdict unknown, never "not affected".
 */
export function judgeRow(row: AdvisoryRow, version: JudgedVersion): RowVerdict {
  const verdict = judgeVersion(row, version);
  if (verdict.state === 'affected' && row.onlyFixes) return { state: 'silent' };
  return verdict.state === 'not-affected' && row.settles ? SETTLED : verdict;
}

function judgeVersion(row: AdvisoryRow, version: JudgedVersion): RowVerdict {
  const { versions, unaffected, ranges } = row;
  const { text, parsed, order } = version;
  if (versions.includes(text)) return { state: 'affected', because: 'is listed as affected' };
  if (unaffected?.includes(text)) return NOT_AFFECTED;
  if (parsed === undefined) return { state: 'unknown', because: 'is no version of this ecosystem' };
  if (unaffected !== undefined) {
    if (isListed(unaffected, parsed, order)) return NOT_AFFECTED;
    if (ranges.length + versions.length === 0) return { state: 'silent' };
  }
  const { because, unknown, count } = version.judgeRanges(ranges);
  if (because !== undefined) return { state: 'affected', because };
  if (unknown) return { state: 'unknown', because: `has bounds in ${row.id} that cannot be read` };
  return count > 0 ? NOT_AFFECTED : judgeList(row, parsed, order);
}

function judgeRanges(ranges: readonly AdvisoryRange[], { text, parsed, order }: JudgedVersion): RangesVerdict {
  let because: string | undefined;
  let unknown = false;
  let count = 0;
  for (const range of rangesFor(ranges, text)) {
    if (range.type === 'GIT') continue;
    count++;
    const verdict = judgeRange(range, parsed, order);
    if (verdict === 'unknown') unknown = true;
    else because ??= verdict?.because;
  }
  return { because, unknown, count };
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
  const bounds = boundsOf(range, order);
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

const boundsByOrder = new WeakMap<VersionOrder, WeakMap<AdvisoryRange, Bound[] | null>>();

/** A range is read once for all versions that it is asked about. */
function boundsOf(range: AdvisoryRange, order: VersionOrder): Bound[] | undefined {
  const read = boundsByOrder.get(order) ?? new WeakMap<AdvisoryRange, Bound[] | null>();
  boundsByOrder.set(order, read);
  const known = read.get(range);
  if (known !== undefined) return known ?? undefined;
  const bounds = readBounds(range, order);
  read.set(range, bounds ?? null);
  return bounds;
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
  return bounds.length === 1 ? bounds : bounds.sort((a, b) => compareBounds(a, b, order));
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
