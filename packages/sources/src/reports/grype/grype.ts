import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Grype's JSON: each match of a package with a vulnerability. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  report.toolVersion = document.text('descriptor', 'version');
  const target = document.at('source', 'target');
  const image = [
    target.text('userInput'),
    ...target.texts('tags'),
    target.text('imageID'),
    target.text('manifestDigest'),
  ];
  const about = {
    image: document.text('source', 'type') === 'image' ? image : [],
    lastSeen: document.text('descriptor', 'timestamp'),
  };
  for (const match of document.each('matches')) addMatch(match, 'open', about, report);
  for (const match of document.each('ignoredMatches')) addMatch(match, 'risk-accepted', about, report);
}

function addMatch(
  match: Entry,
  status: 'open' | 'risk-accepted',
  about: { image: string[]; lastSeen: string },
  report: FindingCollector,
): void {
  const [found, artifact, related] = [
    match.at('vulnerability'),
    match.at('artifact'),
    match.each('relatedVulnerabilities'),
  ];
  const ratings = [found, ...related]
    .flatMap((each) => each.each('cvss'))
    .toSorted((a, b) => versionOf(b) - versionOf(a));
  report.add({
    ...about,
    kind: 'vulnerability',
    id: found.text('id'),
    entry: match,
    severity: found.text('severity'),
    description: found.text('description') || (related[0]?.text('description') ?? ''),
    status,
    identifiers: [
      ...related.map((each) => each.text('id')),
      ...found.each('advisories').map((each) => each.text('id')),
      ...found.texts('cwes', 'cwe'),
    ],
    component: {
      name: artifact.text('name'),
      version: artifact.text('version'),
      type: artifact.text('type'),
      purl: artifact.text('purl'),
      path: artifact.text('locations', 'path'),
    },
    fixedVersions: found.texts('fix', 'versions'),
    cvss: ratings[0]?.text('vector') ?? '',
    score: ratings[0]?.number('metrics', 'baseScore'),
    references: [found.text('dataSource'), ...found.texts('urls')],
  });
}

const versionOf = (rating: Entry) => rating.number('version') ?? 0;
