import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** The table that the console of Prisma Cloud (Twistlock) exports: a row for each vulnerability or violated check. */
export function parse(rows: Entry[], report: FindingCollector): void {
  for (const row of rows) {
    const cve = row.text('CVE ID');
    const [registry, repository, tag] = [row.text('Registry'), row.text('Repository'), row.text('Tag')];
    const name = `${registry && `${registry}/`}${repository}${tag && `:${tag}`}`;
    report.add({
      kind: cve === '' ? 'check' : 'vulnerability',
      id: cve || row.text('Compliance ID'),
      entry: row,
      severity: row.text('Severity'),
      description: [row.text('Description'), row.text('Cause')].filter(Boolean).join('\n'),
      image: [name, row.text('Id')],
      host: row.text('Hostname'),
      component: { name: row.text('Packages') || row.text('Source Package'), version: row.text('Package Version') },
      fixedVersions: fixesOf(row.text('Fix Status')),
      score: row.number('CVSS'),
    });
  }
}

/** `fixed in >=1.2, 1.3`. */
function fixesOf(status: string): string[] {
  if (!status.startsWith('fixed in ')) return [];
  return status
    .slice('fixed in '.length)
    .split(/, */)
    .map((version) => version.replace(/^[>=\s]+/, ''))
    .filter((version) => /^\d/.test(version));
}
