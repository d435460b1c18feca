import { type AdvisoryLookup, type AdvisoryRow, severityOfScore, type VulnerabilityMatch } from '@breakwater/model';
import type { Flaw } from './join-flaws.ts';
import { fixesOf, JudgedVersion, judgeRow, type RowVerdict } from './judge-row.ts';
import { isGuessedModule, type PackageName } from './package-names.ts';

/** A row with its verdict on one package. */
export interface JudgedRow {
  row: AdvisoryRow;
  name: PackageName;
  /** The version that was judged, with the order that it was judged by. */
  version: JudgedVersion;
  verdict: RowVerdict;
}

type Affecting = JudgedRow & { verdict: { state: 'affected' } };

/** A match without the component it belongs to: alike for every package built from the same source. */
export type FlawDescription = Omit<VulnerabilityMatch, 'component' | 'componentName' | 'version' | 'purl'>;

/**
 * What all rows of a flaw say together; undefined when none of them affects the package. Where a source that is sure
 * of itself finds the version safe and another does not, the match stands with low confidence, unless it settles it.
 */
export function describeFlaw(flaw: Flaw<JudgedRow>, lookup: AdvisoryLookup): FlawDescription | undefined {
  if (flaw.rows.some(({ verdict }) => verdict.state === 'not-affected' && verdict.settled)) return undefined;
  const affecting = flaw.rows.filter((item): item is Affecting => item.verdict.state === 'affected').sort(byWeight);
  const [leading] = affecting;
  if (leading === undefined) return undefined;
  const sure = affecting.filter(
    ({ row }) => row.confidence === leading.row.confidence && row.ecosystem === leading.row.ecosystem,
  );
  const fixedVersion = lowestFix(sure, leading.version);
  const guessed = affecting.every(({ row, name }) => isGuessedModule(row, name));
  const doubted = flaw.rows.some(({ row, verdict }) => verdict.state === 'not-affected' && row.confidence === 'high');
  return {
    id: flaw.id,
    aliases: aliasesOf(flaw),
    advisories: [...new Set(affecting.map(({ row }) => row.id))],
    ...(fixedVersion === undefined ? {} : { fixedVersion }),
    ...rate(flaw, affecting, lookup),
    exploitation: flaw.cve ? lookup.exploitation(flaw.id) : { ransomware: false },
    summary: affecting.find(({ row }) => row.summary !== '')?.row.summary ?? '',
    source: leading.row.source,
    confidence: doubted || guessed ? 'low' : leading.row.confidence,
    reason: reasonOf(leading, doubtsOf(leading, doubted, guessed)),
  };
}

/** Sources that are sure before those that guess, an advisory on this flaw alone before one on many, newer first. */
function byWeight(a: Affecting, b: Affecting): number {
  if (a.row.confidence !== b.row.confidence) return a.row.confidence === 'high' ? -1 : 1;
  const breadth = Number(a.row.cves.length > 1) - Number(b.row.cves.length > 1);
  if (breadth !== 0) return breadth;
  const [left, right] = [b.row.modified ?? '', a.row.modified ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  return a.row.id < b.row.id ? -1 : 1;
}

/**
 * The lowest fixed version above the installed one that none of the rows calls affected. Branches may follow each other
 * without a gap, so that the end of the installed one need not be a fix.
 */
function lowestFix(affecting: readonly Affecting[], installed: JudgedVersion): string | undefined {
  const { order } = installed;
  const candidates = [...new Set(affecting.flatMap(({ row }) => fixesOf(row)))]
    .map((text) => new JudgedVersion(text, order))
    .filter(({ parsed }) => parsed !== undefined)
    .sort((a, b) => order.compare(a.parsed, b.parsed));
  return candidates.find(
    (candidate) =>
      (installed.parsed === undefined || order.compare(candidate.parsed, installed.parsed) > 0) &&
      affecting.every(({ row }) => judgeRow(row, candidate).state === 'not-affected'),
  )?.text;
}

/** The other ids of the flaw. An advisory over several CVEs does not make them names of each other. */
function aliasesOf({ id, rows, duplicates }: Flaw<JudgedRow>): string[] {
  const aliases = new Set<string>(duplicates);
  for (const { row } of rows) {
    for (const alias of row.aliases) if (!(alias.startsWith('CVE-') && row.cves.length > 1)) aliases.add(alias);
  }
  aliases.delete(id);
  return [...aliases].sort();
}

/** A score for this flaw alone counts before one for an advisory over many; distributions seldom have the former. */
function rate({ id, cve }: Flaw<JudgedRow>, affecting: readonly Affecting[], lookup: AdvisoryLookup) {
  const own = affecting.find(({ row }) => row.cves.length <= 1 && row.score !== undefined)?.row;
  if (own !== undefined) return ratingOf(own.severity, own);
  const rating = cve ? lookup.rating?.(id) : undefined;
  if (rating !== undefined) return ratingOf(severityOfScore(rating.score), rating);
  const stated = affecting.find(({ row }) => row.severity !== 'unknown')?.row;
  return stated === undefined ? { severity: 'unknown' as const } : ratingOf(stated.severity, stated);
}

function ratingOf(
  severity: AdvisoryRow['severity'],
  { cvss, score }: { cvss?: string | undefined; score?: number | undefined },
) {
  return { severity, ...(cvss === undefined ? {} : { cvss }), ...(score === undefined ? {} : { score }) };
}

function doubtsOf({ row }: Affecting, doubted: boolean, guessed: boolean): string {
  const doubt = doubted ? '; another advisory calls this version safe' : '';
  return `${doubt}${guessed ? `; if it is of module ${row.module}, which it does not say` : ''}`;
}

function reasonOf({ row, name, verdict }: Affecting, doubts: string): string {
  const what = name.kind === 'source' ? 'source package ' : '';
  return `${what}${name.name} ${name.version} ${verdict.because} (${row.ecosystem}, ${row.id} in ${row.source}${doubts})`;
}
