import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** OSV-Scanner's JSON: each vulnerability of each package of a lock file or image. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const result of document?.each('results') ?? []) {
    const path = result.text('source', 'path');
    const image = result.text('source', 'type') === 'docker' ? [path] : [];
    for (const entry of result.each('packages')) {
      const scores = new Map(
        entry.each('groups').flatMap((group) => group.texts('ids').map((id) => [id, group.number('max_severity')])),
      );
      for (const found of entry.each('vulnerabilities'))
        addVulnerability(found, entry.at('package'), { path, image, score: scores.get(found.text('id')) }, report);
    }
  }
}

function addVulnerability(
  found: Entry,
  component: Entry,
  { path, image, score }: { path: string; image: string[]; score: number | undefined },
  report: FindingCollector,
): void {
  const name = component.text('name');
  const ranges = found.each('affected').filter((affected) => affected.text('package', 'name') === name);
  report.add({
    kind: found.text('id').startsWith('MAL-') ? 'malware' : 'vulnerability',
    id: found.text('id'),
    entry: found,
    severity: found.text('database_specific', 'severity'),
    ...(found.text('id').startsWith('MAL-') && { means: 'critical' }),
    title: found.text('summary'),
    description: found.text('details'),
    identifiers: [
      ...found.texts('aliases'),
      ...found.texts('database_specific', 'cwe_ids'),
      ...found
        .each('affected')
        .flatMap((each) => each.each('database_specific', 'cwes').map((cwe) => cwe.text('cweId'))),
    ],
    image,
    component: { name, version: component.text('version'), type: component.text('ecosystem'), path },
    fixedVersions: ranges.flatMap((range) =>
      range.each('ranges').flatMap((each) => each.each('events').map((event) => event.text('fixed'))),
    ),
    cvss: found.each('severity').at(-1)?.text('score') ?? '',
    score,
    firstSeen: found.text('published'),
    references: found.each('references').map((reference) => reference.text('url')),
  });
}
