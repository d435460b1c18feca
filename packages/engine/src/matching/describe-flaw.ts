import {
  type AdvisoryLookup,
  type AdvisoryRow,
  type SourceVerdict,
  severityOfScore,
  type VulnerabilityMatch,
} from '@breakwater/model';
import { addDoubts, type Doubt } from './doubts.ts';
import type { Flaw } from './join-flaws.ts';
import { fixesOf, JudgedVersion, judgeRow, type RowVerdict } from './judge-row.ts';
import { ANY_MODULE, isGuessedModule, type PackageName } from './package-names.ts';
import { CPE_ECOSYSTEM } from './product-names.ts';

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
 * Names of products are asked last: where a database of packages finds the version safe, they say nothing.
 */
export function describeFlaw(flaw: Flaw<JudgedRow>, lookup: AdvisoryLookup): FlawDescription | undefined {
  const { rows } = flaw;
  if (rows.some(({ verdict }) => verdict.state === 'not-affected' && verdict.settled)) return undefined;
  const isSafe = ({ row, verdict }: JudgedRow) =>
    verdict.state === 'not-affected' && row.confidence === 'high' && row.ecosystem !== CPE_ECOSYSTEM;
  const isSafeInRelease = rows.some((item) => isSafe(item) && !isChannel(item.row.ecosystem));
  const affecting = rows
    .filter((item): item is Affecting => item.verdict.state === 'affected')
    .filter(({ row }) => !(isSafeInRelease && (row.ecosystem === CPE_ECOSYSTEM || isChannel(row.ecosystem))))
    .sort(byWeight);
  const [leading] = affecting;
  if (leading === undefined) return undefined;
  const sure = affecting.filter(
    ({ row }) => row.confidence === leading.row.confidence && row.ecosystem === leading.row.ecosystem,
  );
  const fixes = fixedVersions(sure, leading.version);
  const description: FlawDescription = {
    id: flaw.id,
    aliases: aliasesOf(flaw),
    advisories: [...new Set(affecting.map(({ row }) => row.id))],
    ...(fixes[0] === undefined ? {} : { fixedVersion: fixes[0] }),
    ...(fixes.length > 1 ? { fixedVersions: fixes } : {}),
    ...rate(flaw, affecting, lookup),
    exploitation: flaw.cve ? lookup.exploitation(flaw.id) : { ransomware: false },
    summary: affecting.find(({ row }) => row.summary !== '')?.row.summary ?? '',
    source: leading.row.source,
    confidence: leading.row.confidence,
    reason: reasonOf(leading),
    ...(rows.length > 1 ? { verdicts: rows.slice(0, MOST_VERDICTS).map(verdictOf) } : {}),
  };
  const doubts = doubtsOf(affecting, leading, rows.some(isSafe));
  return doubts.length === 0 ? description : addDoubts(description, doubts);
}

const MOST_VERDICTS = 20;

function verdictOf({ row, verdict }: JudgedRow): SourceVerdict {
  const because = 'because' in verdict ? { because: verdict.because } : {};
  return { advisory: row.id, source: row.source, says: verdict.state, ...because };
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
 * The fixed versions above the installed one that none of the rows calls affected, lowest first. Branches may follow
 * each other without a gap, so that the end of the installed one need not be a fix.
 */
function fixedVersions(affecting: readonly Affecting[], installed: JudgedVersion): string[] {
  const { order } = installed;
  const texts = [...new Set(affecting.flatMap(({ row }) => fixesOf(row)))];
  if (texts.length === 0) return [];
  return texts
    .map((text) => new JudgedVersion(text, order))
    .filter(({ parsed }) => parsed !== undefined)
    .sort((a, b) => order.compare(a.parsed, b.parsed))
    .filter(
      (candidate) =>
        (installed.parsed === undefined || order.compare(candidate.parsed, installed.parsed) > 0) &&
        affecting.every(({ row }) => judgeRow(row, candidate).state === 'not-affected'),
    )
    .map(({ text }) => text);
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

/**
 * How bad it is. The word of a distribution comes first, where it is about this flaw alone; of an advisory over
 * many it is that of the worst. The score is the flaw's own in any source: distributions seldom publish one.
 */
function rate({ id, cve }: Flaw<JudgedRow>, affecting: readonly Affecting[], lookup: AdvisoryLookup) {
  const alone = affecting.filter(({ row }) => row.cves.length <= 1).map(({ row }) => row);
  const scored = alone.find(({ score }) => score !== undefined);
  const rating = scored ?? (cve ? lookup.rating?.(id) : undefined);
  const vendor = alone.find(({ ecosystem, severity }) => severity !== 'unknown' && isDistribution(ecosystem));
  if (vendor !== undefined) return ratingOf(vendor.severity, rating ?? {});
  if (rating?.score !== undefined) return ratingOf(severityOfScore(rating.score), rating);
  const stated = affecting.find(({ row }) => row.severity !== 'unknown')?.row;
  return stated === undefined ? { severity: 'unknown' as const } : ratingOf(stated.severity, stated);
}

/** Ecosystems of languages and products have advisories from many; those of a distribution are its own. */
function isDistribution(ecosystem: string): boolean {
  return ecosystem.includes(':') || ROLLING.has(ecosystem);
}

const ROLLING = new Set(['Alpine', 'Chainguard', 'CleanStart', 'Debian', 'Echo', 'MinimOS', 'Ubuntu', 'Wolfi']);

function ratingOf(
  severity: AdvisoryRow['severity'],
  { cvss, score }: { cvss?: string | undefined; score?: number | undefined },
) {
  return { severity, ...(cvss === undefined ? {} : { cvss }), ...(score === undefined ? {} : { score }) };
}

function doubtsOf(affecting: readonly Affecting[], { row, name }: Affecting, isDisputed: boolean): Doubt[] {
  const doubts: Doubt[] = [];
  if (isDisputed) doubts.push(['disputed', 'another advisory calls this version safe']);
  if (affecting.every((item) => isGuessedModule(item.row, item.name))) doubts.push(['module', moduleDoubt(row.module)]);
  if (isChannel(row.ecosystem) && !isOfChannel(name.version))
    doubts.push(['channel', `the fix is in ${row.ecosystem}, which the release alone does not have`]);
  if (row.ecosystem === CPE_ECOSYSTEM) doubts.push(['name-only', 'the product is known by its name only']);
  return doubts;
}

function moduleDoubt(module: string | undefined): string {
  return module === ANY_MODULE
    ? 'if it is of the module meant, which neither says'
    : `if it is of module ${module}, which it does not say`;
}

/** Whether rows of an ecosystem are those of a channel that is sold beside a release: Ubuntu Pro. */
function isChannel(ecosystem: string): boolean {
  return ecosystem.startsWith('Ubuntu:Pro');
}

/** Whether a version was built in such a channel. */
function isOfChannel(version: string): boolean {
  return /esm|fips/i.test(version);
}

function reasonOf({ row, name, verdict }: Affecting): string {
  const what = name.kind === 'source' ? 'source package ' : '';
  return `${what}${name.name} ${name.version} ${verdict.because} (${row.ecosystem}, ${row.id} in ${row.source})`;
}
