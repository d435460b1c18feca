import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** `cargo audit --json`: vulnerabilities of crates, and what it warns of, such as crates that nobody maintains. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  for (const found of document.each('vulnerabilities', 'list')) addAdvisory(found, 'vulnerability', report);
  for (const [kind, warnings] of document.members('warnings')) {
    for (const found of warnings.each()) addAdvisory(found, 'check', report, kind);
  }
}

function addAdvisory(found: Entry, kind: 'vulnerability' | 'check', report: FindingCollector, warning = ''): void {
  const advisory = found.at('advisory');
  report.add({
    kind,
    id: advisory.text('id') || `${warning} ${found.text('package', 'name')}`.trim(),
    entry: found,
    severity: warning === '' ? '' : 'info',
    title: advisory.text('title') || `${found.text('package', 'name')} is ${warning}`,
    description: advisory.text('description'),
    identifiers: [...advisory.texts('aliases'), ...advisory.texts('related')],
    component: { name: found.text('package', 'name'), version: found.text('package', 'version'), type: 'cargo' },
    fixedVersions: found.texts('versions', 'patched').map((version) => version.replace(/^>=\s*/, '')),
    cvss: advisory.text('cvss'),
    firstSeen: advisory.text('date'),
    references: [advisory.text('url'), ...advisory.texts('references')],
  });
}
