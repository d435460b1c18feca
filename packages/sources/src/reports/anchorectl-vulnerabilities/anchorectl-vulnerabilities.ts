import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Vulnerabilities of an image as `anchorectl image vulnerabilities` tells them: the list, or the whole answer. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  const image = [document.text('imageDigest')];
  for (const found of document.has('vulnerabilities') ? document.each('vulnerabilities') : document.each()) {
    const rating = found.at('nvdData', 'cvssV3');
    report.add({
      kind: 'vulnerability',
      id: found.text('vuln'),
      entry: found,
      severity: found.text('severity'),
      title: `${found.text('vuln')} in ${found.text('package')}`,
      identifiers: found.each('nvdData').map((each) => each.text('id')),
      image,
      component: {
        name: found.text('packageName'),
        version: found.text('packageVersion'),
        type: found.text('packageType'),
        path: some(found.text('packagePath')),
      },
      fixedVersions: some(found.text('fix')).split(/, */),
      score: (rating.number('baseScore') ?? -1) >= 0 ? rating.number('baseScore') : undefined,
      references: [found.text('url')],
    });
  }
}

/** Anchore writes `None` for nothing. */
const some = (text: string) => (text === 'None' ? '' : text);
