import {
  type AdvisoryStatus,
  describeBase,
  describeSupport,
  type Image,
  type ImageSource,
  type PolicyResult,
  type ScannedTarget,
  type ScanReport,
  type SettledVulnerability,
  type VulnerabilityMatch,
} from '@breakwater/model';
import { countOf } from './count-of.ts';
import { describeReport } from './describe-report.ts';
import { describeRuntime, ranMark } from './describe-runtime.ts';
import { describeHints, describeUnknowns } from './describe-unknowns.ts';
import { bold, dim, green, plain, red, yellow } from './style.ts';
import { outputWidth, wrapColumns, wrapText } from './table.ts';
import { type Telling, tellingsOf } from './tellings.ts';

/** Vulnerabilities, and warnings, shown of a target unless all are asked for. What refuses is always shown. */
const SHOWN = 15;
const IMPORT_HINT = 'No advisories are imported: breakwater db update, or offline: breakwater db import FOLDER';

export interface PrintScanOptions {
  /** Every vulnerability and policy instead of the most urgent. */
  all: boolean;
  policiesOnly?: boolean;
}

/** Whether the table shows a result: what is only for the record is counted unless all are asked for. */
export function isShown({ enforcement }: PolicyResult, all: boolean): boolean {
  return all || enforcement !== 'audit';
}

/** Characters that are written at once. */
const CHUNK = 65_536;

/**
 * A scan as text: what refuses first, then the rest, then the verdict and what to do. Written piece by piece: of ten
 * thousand files the whole would be a string of many megabytes.
 */
export function printScan(report: ScanReport, options: PrintScanOptions): void {
  const width = outputWidth();
  let text = '';
  for (const line of scanLines(report, options, width)) {
    text += `${line}\n`;
    if (text.length < CHUNK) continue;
    process.stdout.write(text);
    text = '';
  }
  process.stdout.write(text);
}

/** The lines of `printScan`, of at most `width` columns. */
export function* scanLines(report: ScanReport, options: PrintScanOptions, width: number): Iterable<string> {
  for (const target of report.targets) yield* describeTarget(target, report, options, width);
  yield* conclusion(report, options, width);
}

/** What is said of all targets together. */
function conclusion(report: ScanReport, options: PrintScanOptions, width: number): string[] {
  return [
    ...(options.policiesOnly ? [] : (report.reports ?? []).flatMap((read) => describeReport(read, options.all, width))),
    ...describeUnknowns(report.unknowns, width),
    ...wrapText(describeVerdict(report), width),
  ];
}

function describeTarget(
  target: ScannedTarget,
  { advisories, time, targets }: Pick<ScanReport, 'advisories' | 'time' | 'targets'>,
  { all, policiesOnly = false }: PrintScanOptions,
  width: number,
): string[] {
  const vulnerabilities = policiesOnly ? [] : target.vulnerabilities;
  const unknowns = policiesOnly ? [] : target.unknowns;
  if (target.kind === 'manifests' && target.policies.length === 0 && unknowns.length === 0) return [];
  return [
    `${bold(plain(target.target))}  ${dim(describeItems(target, targets))}`,
    ...(target.kind === 'image' && !policiesOnly
      ? [
          ...describeOrigin(target, width),
          ...describeEnds(target, time, width),
          `  ${countVulnerabilities(target, advisories)}`,
          ...describeRuntime(target, width),
        ]
      : []),
    ...describePolicies(target.policies, all, width),
    ...describeVulnerabilities(vulnerabilities, target.runtime, all, width),
    ...(policiesOnly ? [] : describeSettled(target.settled ?? [], all, width)),
    ...[...describeUnknowns(unknowns, width - 2), ...describeHints(unknowns, width - 2)].map((line) => `  ${line}`),
    '',
  ];
}

/** What a target holds; images of one name, those of an index, are told apart by their platforms. */
function describeItems({ target, kind, items, image }: ScannedTarget, targets: ScannedTarget[]): string {
  if (kind === 'manifests') return countOf(items, 'object');
  const isOneOfMany = targets.filter((other) => other.target === target).length > 1;
  const { os, architecture, variant } = (isOneOfMany && image?.platform) || {};
  const platform = os === undefined ? '' : `${[os, architecture, variant].filter(Boolean).join('/')}, `;
  const system = image?.distribution ? `${image.distribution.name}, ` : '';
  return plain(`${platform}${system}${countOf(items, 'component')}`);
}

/** Where an image that nobody named by its place was taken from. */
const TAKEN: Partial<Record<ImageSource, string>> = {
  docker: 'from Docker',
  podman: 'from Podman',
  registry: 'from its registry',
  'containers-storage': "from the containers' storage of this machine",
  'docker-storage': "from Docker's storage",
};

/** Lines on where the image was taken from, what it was built on and, of a container, what has changed in it. */
function describeOrigin({ image, vulnerabilities }: ScannedTarget, width: number): string[] {
  if (image === undefined) return [];
  const base = describeBase(image);
  const brought = vulnerabilities.filter(({ origin }) => origin?.fromBase).length;
  const share =
    brought > 0
      ? `; it brings ${brought} of ${countOf(vulnerabilities.length, 'vulnerability', 'vulnerabilities')}`
      : '';
  const lines = [TAKEN[image.source], base && `base image: ${base}${share}`, describeContainer(image)];
  return lines.flatMap((line) => (line ? wrapText(plain(line), width - 2).map((text) => `  ${text}`) : []));
}

/** A line for the distribution and each runtime that gets no fixes any more. */
function describeEnds({ image }: ScannedTarget, time: string, width: number): string[] {
  const ends = (image?.support ?? []).flatMap((status) => describeSupport(status, time) ?? []);
  return ends.flatMap((line) => wrapText(plain(line), width - 2).map((text) => `  ${yellow(text)}`));
}

function describeContainer({ container }: Pick<Image, 'container'>): string | undefined {
  if (container === undefined) return undefined;
  const { name, state, image, changeCount } = container;
  const changed =
    changeCount === undefined ? 'what has changed is not known' : `${countOf(changeCount, 'path')} changed since`;
  return `container ${name} (${state}) of ${image.name ?? image.id}, as it is now: ${changed}`;
}

function countVulnerabilities(target: ScannedTarget, advisories: AdvisoryStatus): string {
  const { vulnerabilities, settled = [], unknowns, image } = target;
  if (vulnerabilities.length === 0 && settled.length > 0 && unknowns.length === 0) return 'no vulnerability is open';
  if (vulnerabilities.length === 0) {
    return unknowns.length === 0
      ? `no vulnerability that the advisories know of${newestOf(advisories, image?.distribution?.ecosystem)}`
      : yellow('no vulnerability found, but not everything could be judged');
  }
  const exploited = vulnerabilities.filter((match) => match.exploitation.knownExploitedSince).length;
  const fixable = vulnerabilities.filter((match) => match.fixedVersion).length;
  const known = exploited > 0 ? red(`${exploited} known exploited`) : '0 known exploited';
  return `${countOf(vulnerabilities.length, 'vulnerability', 'vulnerabilities')}: ${known}, ${fixable} with a fix`;
}

/** How old that knowledge is: distributions that are no longer kept get no new advisories. */
function newestOf({ ecosystems }: AdvisoryStatus, wanted: string | undefined): string {
  const newest = ecosystems.find(({ name }) => name === wanted)?.newest;
  return newest === undefined ? '' : ` (the newest of ${wanted} is of ${newest.slice(0, 10)})`;
}

const ORDER = { block: 0, warn: 1, audit: 2 };

function describePolicies(results: PolicyResult[], all: boolean, width: number): string[] {
  const shown = results
    .filter((result) => isShown(result, all))
    .sort((a, b) => ORDER[a.enforcement] - ORDER[b.enforcement] || (a.policy < b.policy ? -1 : 1));
  const told = tellingsOf(shown);
  const isWarning = ({ result }: Telling): boolean => result.enforcement !== 'block';
  const listed = all ? told : [...told.filter((one) => !isWarning(one)), ...told.filter(isWarning).slice(0, SHOWN)];
  const rows = listed.map(rowOf);
  const left = told.length - listed.length;
  const hidden = results.length - shown.length;
  return [
    ...wrapColumns(rows, width, 6),
    ...(left > 0 ? [dim(`  and ${countOf(left, 'more warning')} (--all shows them)`)] : []),
    ...(hidden > 0 ? [dim(`  ${hidden} more for the record (--all shows them)`)] : []),
  ];
}

function rowOf({ result, where, count }: Telling): string[] {
  const times = count > 1 ? ` (${count} times)` : '';
  const by = result.exception === undefined ? '' : dim(plain(`, by ${result.exception}`));
  return [`  ${markOf(result)}`, plain(result.policy), plain(`${result.message}${where}${times}`) + by];
}

function markOf({ exception, verdict, enforcement }: PolicyResult): string {
  if (exception) return dim('excepted');
  if (verdict === 'unknown') return yellow('unknown');
  return enforcement === 'block' ? red('block') : yellow(enforcement);
}

/** A row for each vulnerability of a package, however many files of it there are. */
function describeVulnerabilities(
  vulnerabilities: VulnerabilityMatch[],
  runtime: ScannedTarget['runtime'],
  all: boolean,
  width: number,
): string[] {
  const keyOf = ({ id, componentName, version, fixedVersion }: VulnerabilityMatch): string =>
    JSON.stringify([id, componentName, version, fixedVersion]);
  const groups = [...Map.groupBy(vulnerabilities, keyOf).values()];
  const shown = all ? groups : groups.slice(0, SHOWN);
  const rows = shown.map(([match, ...twins]) => [
    `  ${plain(match!.id)}`,
    plain(`${match!.componentName} ${match!.version}`) + (twins.length > 0 ? dim(` (${twins.length + 1} copies)`) : ''),
    match!.fixedVersion ? plain(`-> ${match!.fixedVersion}`) : dim('no fix yet'),
    match!.severity,
    [likelihood(match!), ranMark(match!, runtime)].filter(Boolean).join(', '),
  ]);
  const hidden = groups.length - shown.length;
  return [
    ...wrapColumns(rows, width, 6),
    ...(hidden > 0 ? [dim(`  and ${hidden} less urgent (--all shows them)`)] : []),
  ];
}

/** What others settled is counted by who did, and listed when all is asked for. */
function describeSettled(settled: SettledVulnerability[], all: boolean, width: number): string[] {
  const byAuthor = Map.groupBy(settled, ({ by }) => by.author);
  const counts = [...byAuthor].map(([author, own]) =>
    dim(`  ${countOf(own.length, 'vulnerability', 'vulnerabilities')} settled by VEX of ${plain(author)}`),
  );
  if (!all) return counts;
  const rows = settled.map(({ match, by }) => [
    `  ${plain(match.id)}`,
    plain(`${match.componentName} ${match.version}`),
    plain([by.status.replaceAll('_', ' '), by.justification, by.statement].filter(Boolean).join(': ')),
  ]);
  return [...counts, ...wrapColumns(rows, width, 6)];
}

function likelihood({ exploitation, confidence }: VulnerabilityMatch): string {
  const unsure = confidence === 'low' ? dim(' (unsure)') : '';
  if (exploitation.knownExploitedSince) {
    return red(`known exploited since ${exploitation.knownExploitedSince.slice(0, 10)}`) + unsure;
  }
  return (exploitation.epss === undefined ? '' : `EPSS ${(exploitation.epss * 100).toFixed(1)} %`) + unsure;
}

function describeVerdict(report: ScanReport): string {
  const { verdict, targets } = report;
  if (verdict === 'pass') return `${green('pass')}: nothing that the build gate refuses.`;
  if (verdict === 'unknown')
    return `${yellow('unknown')}: the build gate could not be decided. ${whyUndecided(report)}`;
  const failing = targets.flatMap((target) =>
    target.policies.filter(
      (result) => result.verdict === 'fail' && result.enforcement === 'block' && !result.exception,
    ),
  );
  return `${red('fail')}: ${countOf(failing.length, 'thing')} that the build gate refuses. ${plain(failing[0]?.fix ?? '')}`;
}

function whyUndecided({ targets, advisories, unknowns }: ScanReport): string {
  if (targets.length === 0) {
    const hint = unknowns.find((unknown) => unknown.hint)?.hint;
    return `There is no image and no manifest in it that could be judged.${hint ? ` ${plain(hint)}` : ''}`;
  }
  const images = targets.some(({ kind }) => kind === 'image');
  return images && !advisories.imported ? IMPORT_HINT : 'See above what could not be known.';
}
