import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Wapiti's levels. */
const LEVELS = ['', 'low', 'medium', 'high', 'critical'];

/** Wapiti's XML: each weakness of a site with the requests that show it. Requests and commands are not kept. */
export function parse([document]: Entry[], report: FindingCollector): void {
  const root = document?.at('report');
  if (root === undefined) return;
  const infos = new Map(root.each('report_infos', 'info').map((info) => [info.text('@name'), info.text()]));
  report.toolVersion = (infos.get('generatorVersion') ?? '').replace(/^Wapiti /, '');
  const target = (infos.get('target') ?? '').replace(/#.*$/, '').replace(/\/$/, '');
  for (const found of root.each('vulnerabilities', 'vulnerability')) {
    const entries = found.each('entries', 'entry');
    if (entries.length === 0) continue;
    const references = found.each('references', 'reference');
    report.add({
      kind: 'web',
      id: found.text('@name'),
      entry: found,
      severity: LEVELS[entries.reduce((worst, entry) => Math.max(worst, entry.number('level') ?? 0), 0)] ?? '',
      title: found.text('@name'),
      description: [found.text('description'), ...new Set(entries.map((entry) => entry.text('info')))].join('\n'),
      remediation: found.text('solution'),
      identifiers: references.map((reference) => reference.text('title')),
      url: `${target}${entries[0]?.text('path') ?? ''}`,
      references: references.map((reference) => reference.text('url')),
      occurrences: entries.length,
      lastSeen: infos.get('dateOfScan') ?? '',
    });
  }
}
