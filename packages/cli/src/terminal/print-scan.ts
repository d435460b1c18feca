import {
  formatPlace,
  type PolicyResult,
  type ScannedTarget,
  type ScanReport,
  type Unknown,
  type VulnerabilityMatch,
} from '@breakwater/model';
import { bold, dim, green, plain, red, yellow } from './style.ts';
import { alignColumns } from './table.ts';

/** Vulnerabilities shown of an image unless all are asked for. */
const SHOWN = 15;
const UNKNOWNS_SHOWN = 5;

export interface PrintScanOptions {
  /** Every vulnerability and policy instead of the most urgent. */
  all: boolean;
  policiesOnly?: boolean;
}

/** A scan as text: what refuses first, then the rest, then the verdict and what to do. */
export function printScan(report: ScanReport, options: PrintScanOptions): void {
  const lines = report.targets.flatMap((target) => describeTarget(target, options));
  lines.push(...describeUnknowns(report.unknowns));
  lines.push(describeVerdict(report));
  process.stdout.write(`${lines.join('\n')}\n`);
}

function describeTarget(target: ScannedTarget, options: PrintScanOptions): string[] {
  const vulnerabilities = options.policiesOnly ? [] : target.vulnerabilities;
  const policies = options.all
    ? target.policies
    : target.policies.filter((result) => result.enforcement !== 'audit' || result.verdict === 'fail');
  const unknowns = options.policiesOnly ? [] : target.unknowns;
  if (target.kind === 'manifests' && policies.length === 0 && unknowns.length === 0) return [];
  return [
    `${bold(plain(target.target))}  ${dim(describeItems(target))}`,
    ...(target.kind === 'image' && !options.policiesOnly ? [`  ${countVulnerabilities(target)}`] : []),
    ...describePolicies(policies, options.all),
    ...describeVulnerabilities(vulnerabilities, options.all),
    ...describeUnknowns(unknowns).map((line) => `  ${line}`),
    '',
  ];
}

function describeItems({ kind, items, image }: ScannedTarget): string {
  if (kind === 'manifests') return `${items} object${items === 1 ? '' : 's'}`;
  const system = image?.distribution ? `${image.distribution.name}, ` : '';
  return plain(`${system}${items} components`);
}

function countVulnerabilities({ vulnerabilities, unknowns }: ScannedTarget): string {
  if (vulnerabilities.length === 0) {
    return unknowns.length === 0
      ? 'no vulnerability that the advisories know of'
      : yellow('no vulnerability found, but not everything could be judged');
  }
  const exploited = vulnerabilities.filter((match) => match.exploitation.knownExploitedSince).length;
  const fixable = vulnerabilities.filter((match) => match.fixedVersion).length;
  return `${vulnerabilities.length} vulnerabilities: ${exploited > 0 ? red(`${exploited} known exploited`) : '0 known exploited'}, ${fixable} with a fix`;
}

function describePolicies(results: PolicyResult[], all: boolean): string[] {
  const order = { block: 0, warn: 1, audit: 2 };
  const sorted = results.toSorted(
    (a, b) => order[a.enforcement] - order[b.enforcement] || (a.policy < b.policy ? -1 : 1),
  );
  const shown = all ? sorted : sorted.filter((result) => result.enforcement !== 'audit');
  const rows = shown.map((result) => {
    const mark = result.exception
      ? dim('excepted')
      : result.verdict === 'unknown'
        ? yellow('unknown')
        : result.enforcement === 'block'
          ? red('block')
          : yellow(result.enforcement);
    const where = result.place?.line ? ` (${formatPlace(result.place)})` : '';
    return [`  ${mark}`, plain(result.policy), plain(`${result.message}${where}`)];
  });
  const hidden = sorted.length - shown.length;
  return [
    ...alignColumns(rows),
    ...(hidden > 0 ? [dim(`  ${hidden} more for the record (--output json shows them)`)] : []),
  ];
}

function describeVulnerabilities(vulnerabilities: VulnerabilityMatch[], all: boolean): string[] {
  const shown = all ? vulnerabilities : vulnerabilities.slice(0, SHOWN);
  const rows = shown.map((match) => [
    `  ${plain(match.id)}`,
    plain(`${match.componentName} ${match.version}`),
    match.fixedVersion ? plain(`-> ${match.fixedVersion}`) : dim('no fix yet'),
    match.severity,
    likelihood(match),
  ]);
  const hidden = vulnerabilities.length - shown.length;
  return [...alignColumns(rows), ...(hidden > 0 ? [dim(`  and ${hidden} less urgent (--all shows them)`)] : [])];
}

function likelihood({ exploitation, confidence }: VulnerabilityMatch): string {
  const unsure = confidence === 'low' ? dim(' (unsure)') : '';
  if (exploitation.knownExploitedSince)
    return red(`known exploited since ${exploitation.knownExploitedSince.slice(0, 10)}`) + unsure;
  return (exploitation.epss === undefined ? '' : `EPSS ${(exploitation.epss * 100).toFixed(1)} %`) + unsure;
}

function describeUnknowns(unknowns: Unknown[]): string[] {
  const shown = unknowns
    .slice(0, UNKNOWNS_SHOWN)
    .map(
      (unknown) => `${yellow('not known')}  ${plain(unknown.message)} ${dim(plain(`[${formatPlace(unknown.place)}]`))}`,
    );
  const hidden = unknowns.length - shown.length;
  return hidden > 0 ? [...shown, dim(`and ${hidden} more that could not be known (--output json shows them)`)] : shown;
}

function describeVerdict({ verdict, targets, advisories }: ScanReport): string {
  if (verdict === 'pass') return `${green('pass')}: nothing that the build gate refuses.`;
  if (verdict === 'unknown') {
    const hint = advisories.imported
      ? 'See what could not be known above.'
      : 'No advisories are imported: breakwater db update, or offline: breakwater db import FOLDER';
    return `${yellow('unknown')}: the build gate could not be decided. ${hint}`;
  }
  const failing = targets.flatMap((target) =>
    target.policies.filter(
      (result) => result.verdict === 'fail' && result.enforcement === 'block' && !result.exception,
    ),
  );
  const fixes = [...new Set(failing.map((result) => result.fix))];
  return `${red('fail')}: ${failing.length} thing${failing.length === 1 ? '' : 's'} that the build gate refuses. ${plain(fixes[0] ?? '')}`;
}
