import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** `pip-audit --format json`: the vulnerabilities of each package; those that it could not audit are unknown. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  for (const dependency of document.has('dependencies') ? document.each('dependencies') : document.each()) {
    const name = dependency.text('name');
    if (dependency.has('skip_reason')) {
      report.unknown('report-tool-errors', `pip-audit could not audit ${name.slice(0, 200)}`, dependency);
    }
    for (const found of dependency.each('vulns'))
      report.add({
        kind: 'vulnerability',
        id: found.text('id'),
        entry: found,
        description: found.text('description'),
        identifiers: found.texts('aliases'),
        component: { name, version: dependency.text('version'), type: 'pypi' },
        fixedVersions: found.texts('fix_versions'),
      });
  }
}
