import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** `snyk test --json` of one project or several: each vulnerability of a package once, by however many ways it comes in. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const project of document?.each() ?? []) {
    const ways = Map.groupBy(
      project.each('vulnerabilities'),
      (found) => `${found.text('id')} ${found.firstText('name', 'packageName')}@${found.text('version')}`,
    );
    for (const [first, ...more] of ways.values()) addVulnerability(first!, more.length + 1, project, report);
  }
}

function addVulnerability(found: Entry, occurrences: number, project: Entry, report: FindingCollector): void {
  const file = project.firstText('displayTargetFile', 'targetFile');
  report.add({
    kind: found.text('type') === 'license' ? 'licence' : 'vulnerability',
    id: found.text('id'),
    entry: found,
    severity: found.firstText('severityWithCritical', 'severity'),
    title: found.text('title'),
    description: found.text('description'),
    identifiers: ['CVE', 'GHSA', 'CWE'].flatMap((kind) => found.texts('identifiers', kind)),
    image: [project.text('docker', 'image') || (file === '' && project.has('docker') ? project.text('path') : '')],
    component: {
      name: found.firstText('packageName', 'name', 'moduleName'),
      version: found.text('version'),
      type: found.text('packageManager') || project.text('packageManager'),
      path: file,
    },
    fixedVersions: found.texts('fixedIn').concat(found.text('nearestFixedInVersion')),
    cvss: found.text('CVSSv3').replace(/\/[ER][LC]?:.*$/, ''),
    score: found.number('cvssScore'),
    firstSeen: found.text('publicationTime'),
    references: found.each('references').map((reference) => reference.text('url')),
    occurrences,
  });
}
