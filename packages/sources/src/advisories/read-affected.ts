import type { AdvisoryRange, AdvisoryRow } from '@breakwater/model';
import type { OsvRecord } from './osv-record.ts';
import type { RowPart } from './row-text.ts';

/** What a record says about one package. */
export type AffectedPackage = Pick<AdvisoryRow, 'ecosystem' | 'package'> & RowPart;

type OsvAffected = NonNullable<OsvRecord['affected']>[number];
type OsvRange = NonNullable<OsvAffected['ranges']>[number];

/** The row of a package that a record names; none where it names a repository only. */
export function readAffected(entry: OsvAffected, record: OsvRecord): AffectedPackage[] {
  if (!entry.package) return [];
  const { ecosystem, name } = entry.package;
  const names = kindOfName(entry.package);
  const module = moduleOf(entry, record);
  const architecture = architectureOf(entry.package);
  const unaffected = listOf(record.database_specific?.unaffected_versions, name);
  const imports = (entry.ecosystem_specific?.imports ?? []).map(({ path, symbols }) => ({
    path,
    symbols: symbols ?? [],
  }));
  return [
    {
      ecosystem,
      package: name,
      ranges: rangesOf(entry),
      versions: entry.versions ?? [],
      ...(names === undefined ? {} : { names }),
      ...(module === undefined ? {} : { module }),
      ...(architecture === undefined ? {} : { architecture }),
      ...(unaffected === undefined ? {} : { unaffected }),
      ...(imports.length === 0 ? {} : { imports }),
      ...(isPartial(record) ? { partial: true } : {}),
      // Who rebuilds a distribution's packages knows which of its own are mended.
      ...(ecosystem.startsWith('Root:') ? { settles: true } : {}),
      ...(record.database_specific?.anchore?.record_type === 'advisory' ? { onlyFixes: true } : {}),
    },
  ];
}

/** Whether a range is of a type that is read: what else there may be is reported, never left out in silence. */
export function isReadRange({ type }: OsvRange): boolean {
  return type === 'SEMVER' || type === 'ECOSYSTEM' || type === 'GIT';
}

function rangesOf(entry: OsvAffected): AdvisoryRange[] {
  const ranges = (entry.ranges ?? []).filter(isReadRange).map(readRange);
  // Go's database calls every version affected where the project's versions are none of Go's, and says here which are.
  const own = (entry.ecosystem_specific?.custom_ranges ?? []).filter(isReadRange).map(readRange);
  if (own.length > 0 && ranges.every(isWithoutEnd)) return own;
  const limit = lastKnown(entry.database_specific?.last_known_affected_version_range);
  return limit === undefined ? ranges : ranges.map((range) => (isWithoutEnd(range) ? endAt(range, limit) : range));
}

function readRange({ type, events }: OsvRange): AdvisoryRange {
  // Commits are of no use to matching: that there is such a range is, because it keeps an advisory from looking empty.
  if (type === 'GIT') return { type, events: [] };
  const known = (events ?? []).map(({ last_affected: lastAffected, ...event }) =>
    lastAffected === undefined ? event : { ...event, lastAffected },
  );
  return { type: type === 'SEMVER' ? 'SEMVER' : 'ECOSYSTEM', events: known };
}

function isWithoutEnd({ type, events }: AdvisoryRange): boolean {
  return type !== 'GIT' && events.every(({ introduced }) => introduced !== undefined);
}

type End = AdvisoryRange['events'][number];

/** GitHub's word for a range without a fix: `<= 1.2.3`, the last version that was looked at. */
function lastKnown(text: string | null | undefined): End | undefined {
  const match = /^(<=?)\s*([^\s,]+)$/.exec(text ?? '');
  if (match === null) return undefined;
  return match[1] === '<=' ? { lastAffected: match[2] } : { limit: match[2] };
}

function endAt(range: AdvisoryRange, end: End): AdvisoryRange {
  return { ...range, events: [...range.events, end] };
}

/** Debian, Ubuntu and Alpine mark source packages in the purl; Red Hat and its kin list binary packages. */
function kindOfName({ ecosystem, purl }: { ecosystem: string; purl?: string | null | undefined }) {
  if (/[?&]arch=(?:source|src)(?:&|$)/.test(purl ?? '')) return 'source';
  return /^(?:AlmaLinux|Red Hat)(?::|$)/.test(ecosystem) ? 'binary' : undefined;
}

/** A purl may name the builds of one architecture. */
function architectureOf({ purl }: { purl?: string | null | undefined }): string | undefined {
  const stated = /[?&]arch=([A-Za-z0-9_]{1,32})(?:&|$)/.exec(purl ?? '')?.[1];
  return stated === undefined || /^(?:source|src|all|noarch|any)$/.test(stated) ? undefined : stated;
}

/** Builds of a module carry `.module_el8` or `.module+el8` in their release. */
const MODULE_BUILD = /\.module[_+]/;

/**
 * The module whose packages are meant. AlmaLinux names its stream in the summary only ("nodejs:18 security update");
 * where it does not, the builds show that they are of some module.
 */
function moduleOf(entry: OsvAffected, { summary }: OsvRecord): string | undefined {
  const stated =
    entry.ecosystem_specific?.rpm_modularity ??
    entry.database_specific?.rpm_modularity ??
    /[?&]rpmmod=([^&#]+)/.exec(entry.package?.purl ?? '')?.[1]?.replaceAll('%3A', ':');
  if (stated !== undefined && stated !== null) return stated;
  const fixes = (entry.ranges ?? []).flatMap(({ events }) => (events ?? []).flatMap(({ fixed }) => fixed ?? []));
  if (fixes.length === 0 || !/^(?:AlmaLinux|Rocky Linux|Red Hat)(?::|$)/.test(entry.package?.ecosystem ?? ''))
    return undefined;
  if (!fixes.some((fixed) => MODULE_BUILD.test(fixed))) return undefined;
  const streams = [...(summary ?? '').slice(0, 500).matchAll(/(?:^|[\s,(])([A-Za-z0-9][\w.+-]*:[A-Za-z0-9][\w.+-]*)/g)];
  const [stream] = streams.map(([, name]) => name).filter((name) => name !== undefined);
  return streams.length === 1 && stream !== undefined ? stream : ANY_MODULE;
}

/** Stands for a module that the source does not name. */
export const ANY_MODULE = '*';

/** project-kb knows single versions only. */
function isPartial(record: OsvRecord): boolean {
  return record.database_specific?.source === 'SAP/project-kb' || record.id.startsWith('PROJECTKB-');
}

function listOf(lists: Record<string, string[]> | null | undefined, name: string): string[] | undefined {
  return lists && Object.hasOwn(lists, name) ? lists[name] : undefined;
}
