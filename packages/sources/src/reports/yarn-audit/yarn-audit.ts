import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** `yarn audit --json` of Yarn 1, `yarn npm audit --json` of later ones, and `npm audit --json` of npm 6: an advisory and version each. */
export function parse(documents: Entry[], report: FindingCollector): void {
  const told = new Set<string>();
  for (const document of documents) {
    if (document.has('children')) addLater(document, report);
    const advisories = document.members('advisories').map(([, advisory]) => advisory);
    if (document.text('type') === 'auditAdvisory') advisories.push(document.at('data', 'advisory'));
    for (const advisory of advisories) addAdvisory(advisory, told, report);
  }
}

/** Yarn tells an advisory again for each way that a package comes in. */
function addAdvisory(advisory: Entry, told: Set<string>, report: FindingCollector): void {
  for (const finding of advisory.each('findings')) {
    const key = `${advisory.text('id')} ${advisory.text('module_name')}@${finding.text('version')}`;
    if (told.has(key)) continue;
    told.add(key);
    report.add({
      kind: 'vulnerability',
      id: advisory.text('github_advisory_id') || advisory.text('cves') || advisory.text('id'),
      entry: finding,
      severity: advisory.text('severity'),
      title: advisory.text('title'),
      description: advisory.text('overview'),
      remediation: advisory.text('recommendation'),
      identifiers: [...advisory.texts('cves'), ...advisory.texts('cwe'), advisory.text('url')],
      component: {
        name: advisory.text('module_name'),
        version: finding.text('version'),
        type: 'npm',
        path: finding.text('paths'),
      },
      cvss: advisory.text('cvss', 'vectorString'),
      score: advisory.number('cvss', 'score') || undefined,
      firstSeen: advisory.text('created'),
      references: [advisory.text('url')],
      occurrences: finding.each('paths').length,
    });
  }
}

function addLater(document: Entry, report: FindingCollector): void {
  const about = document.at('children');
  for (const version of about.each('Tree Versions'))
    report.add({
      kind: about.has('URL') ? 'vulnerability' : 'check',
      id: /GHSA-[\w-]{10,20}$/.exec(about.text('URL'))?.[0] ?? about.text('ID'),
      entry: document,
      severity: about.text('Severity'),
      title: about.text('Issue'),
      identifiers: [about.text('URL')],
      component: { name: document.text('value'), version: version.text(), type: 'npm', path: about.text('Dependents') },
      references: [about.text('URL')],
    });
}
