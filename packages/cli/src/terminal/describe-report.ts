import { compareSeverity, type ReportedFinding, type ReportedKind, type ScannedReport } from '@breakwater/model';
import { countOf } from './count-of.ts';
import { bold, dim, plain } from './style.ts';
import { wrapColumns, wrapText } from './table.ts';

/** Findings shown of a report unless all are asked for. */
const SHOWN = 10;

/** What one finding of each kind is called, and several. */
const NAMES: Readonly<Record<ReportedKind, [one: string, more: string]>> = Object.freeze({
  vulnerability: ['vulnerability', 'vulnerabilities'],
  check: ['failed check', 'failed checks'],
  secret: ['secret', 'secrets'],
  licence: ['licence', 'licences'],
  malware: ['piece of malware', 'pieces of malware'],
  code: ['flaw in code', 'flaws in code'],
  web: ['flaw of a site', 'flaws of sites'],
});

/** A report of another tool as lines: how much of what, then the worst of what we did not find too. A report that nothing could be read of has none. */
export function describeReport(report: ScannedReport, all: boolean, width: number): string[] {
  if (report.importer === '') return [];
  const open = report.findings.filter(({ status }) => status === 'open');
  const alone = open.filter(({ foundHere }) => !foundHere);
  const shown = alone.toSorted((a, b) => compareSeverity(a.severity, b.severity)).slice(0, all ? undefined : SHOWN);
  const rows = shown.map((finding) => [
    `  ${plain(finding.id)}`,
    plain(whereOf(finding)),
    finding.fixedVersions[0] ? plain(`-> ${finding.fixedVersions[0]}`) : '',
    finding.severity,
    plain(finding.title === finding.id ? '' : finding.title),
  ]);
  const hidden = alone.length - shown.length;
  return [
    `${bold(plain(report.source))}  ${dim('report of another tool, for the record')}`,
    ...wrapText(
      plain(`reported by ${[report.tool, report.toolVersion].filter(Boolean).join(' ')}: ${summarise(report, open)}`),
      width - 2,
    ).map((line) => `  ${line}`),
    ...wrapColumns(rows, width, 6),
    ...(hidden > 0 ? [dim(`  and ${hidden} more (--all shows them)`)] : []),
    '',
  ];
}

/** "3 secrets, 2 vulnerabilities (1 found here too), 1 settled there". */
function summarise({ findings, joined }: ScannedReport, open: ReportedFinding[]): string {
  const kinds = [...Map.groupBy(open, ({ kind }) => kind)].map(([kind, own]) => countOf(own.length, ...NAMES[kind]));
  const settled = findings.length - open.length;
  const counts = [kinds.length === 0 ? 'nothing' : kinds.join(', ')];
  if (joined > 0) counts.push(`${joined} found here too`);
  if (settled > 0) counts.push(`${settled} that it calls settled`);
  return counts.join('; ');
}

function whereOf({ component, file, line, object, url, host, image }: ReportedFinding): string {
  if (component) return [component.name, component.version].filter(Boolean).join(' ');
  if (file) return line === undefined ? file : `${file}:${line}`;
  if (object) return `${object.kind} ${[object.namespace, object.name].filter(Boolean).join('/')}`;
  return url ?? host ?? image?.reference ?? '';
}
