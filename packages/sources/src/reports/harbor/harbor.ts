import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Harbor's vulnerability report of an artifact, by the media type of its scanner's adapter. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const [, body] of document?.members() ?? []) {
    const scanner = body.text('scanner', 'name');
    if (scanner !== '') report.tool = `Harbor (${scanner})`;
    report.toolVersion = body.text('scanner', 'version');
    for (const found of body.each('vulnerabilities')) {
      const rating = found.at('preferred_cvss');
      report.add({
        kind: 'vulnerability',
        id: found.text('id'),
        entry: found,
        severity: found.text('severity'),
        description: found.text('description'),
        identifiers: found.texts('cwe_ids'),
        image: found.texts('artifact_digests'),
        component: { name: found.text('package'), version: found.text('version') },
        fixedVersions: [found.text('fix_version')],
        cvss: rating.firstText('vector_v3', 'vector_v2') || found.text('vendor_attributes', 'CVSS', 'nvd', 'V3Vector'),
        score: rating.number('score_v3') ?? rating.number('score_v2'),
        references: found.texts('links'),
        lastSeen: body.text('generated_at'),
      });
    }
  }
}
