import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Aqua's scan of an image. What it found of sensitive data is told by its path alone. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  const image = [document.firstText('image', 'pull_name'), document.text('digest')];
  for (const resource of document.each('resources')) {
    const about = resource.at('resource');
    for (const found of resource.each('vulnerabilities')) {
      report.add({
        kind: 'vulnerability',
        id: found.text('name'),
        entry: found,
        severity: found.firstText(
          'aqua_severity',
          'vendor_severity_v3',
          'nvd_severity_v3',
          'vendor_severity',
          'nvd_severity',
        ),
        description: found.text('description'),
        remediation: found.text('solution'),
        image,
        component: {
          name: about.text('name'),
          version: about.text('version'),
          type: about.text('format'),
          path: about.text('path'),
        },
        fixedVersions: [found.text('fix_version')],
        cvss: found.firstText('nvd_vectors_v3', 'vendor_vectors_v3', 'aqua_vectors', 'nvd_vectors'),
        score: found.number('nvd_score_v3') ?? found.number('aqua_score') ?? found.number('nvd_score'),
        references: [found.text('nvd_url'), found.text('vendor_url')],
      });
    }
    for (const found of resource.each('sensitive_data'))
      report.add({
        kind: 'secret',
        id: found.firstText('type', 'name') || 'sensitive-data',
        entry: found,
        file: found.firstText('path', 'filename'),
        image,
      });
    for (const found of resource.each('malware'))
      report.add({
        kind: 'malware',
        id: found.firstText('malware', 'name') || 'malware',
        entry: found,
        means: 'critical',
        file: found.firstText('path', 'filename'),
        image,
      });
  }
}
