import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Reports of Clair's clients: clair-scanner, and Klar, which sorts by severity. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  const image = [document.text('image')];
  const approved = new Set(document.texts('unapproved'));
  for (const found of document.each('vulnerabilities')) {
    const id = found.text('vulnerability');
    const status = document.has('unapproved') && !approved.has(id) ? 'risk-accepted' : 'open';
    report.add({
      ...draftOf(found, id, [
        'featurename',
        'featureversion',
        'namespace',
        'description',
        'link',
        'severity',
        'fixedby',
      ]),
      image,
      status,
    });
  }
  for (const [, list] of document.members('Vulnerabilities')) {
    for (const found of list.each())
      report.add(
        draftOf(found, found.text('Name'), [
          'FeatureName',
          'FeatureVersion',
          'NamespaceName',
          'Description',
          'Link',
          'Severity',
          'FixedBy',
        ]),
      );
  }
}

type Names = [
  name: string,
  version: string,
  type: string,
  description: string,
  link: string,
  severity: string,
  fixed: string,
];

function draftOf(found: Entry, id: string, [name, version, type, description, link, severity, fixed]: Names) {
  return {
    kind: 'vulnerability' as const,
    id,
    entry: found,
    severity: found.text(severity),
    description: found.text(description),
    component: { name: found.text(name), version: found.text(version), type: found.text(type) },
    fixedVersions: [found.text(fixed)],
    references: [found.text(link)],
  };
}
