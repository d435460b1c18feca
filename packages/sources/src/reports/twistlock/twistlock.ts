import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** What `twistcli images scan` of Prisma Cloud (Twistlock) writes: vulnerabilities and what is not compliant. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const result of document?.each('results') ?? []) {
    const image = [result.text('name'), result.text('id'), result.text('digest')];
    for (const found of result.each('vulnerabilities'))
      report.add({
        kind: 'vulnerability',
        id: found.text('id'),
        entry: found,
        severity: found.text('severity'),
        description: found.text('description'),
        image,
        component: {
          name: found.text('packageName').replace(/ \(used in .*$/s, ''),
          version: found.text('packageVersion'),
          path: found.text('packagePath'),
        },
        fixedVersions: fixesOf(found.text('status')),
        cvss: found.text('vector'),
        score: found.number('cvss'),
        references: [found.text('link')],
        firstSeen: found.text('discoveredDate'),
      });
    for (const found of result.each('compliances'))
      report.add({
        kind: 'check',
        id: found.firstText('id', 'title'),
        entry: found,
        severity: found.text('severity'),
        title: found.text('title'),
        description: [found.text('cause'), found.text('description')].filter(Boolean).join('\n'),
        image,
      });
  }
}

/** `fixed in 1.2, 1.3`; anything else names no version. */
function fixesOf(status: string): string[] {
  return status.startsWith('fixed in ') ? status.slice('fixed in '.length).split(/, */) : [];
}
