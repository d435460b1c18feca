import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** kube-hunter's JSON: what it found a way into. Its evidence may be a token and is not read. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const found of document?.each('vulnerabilities') ?? []) {
    report.add({
      kind: 'check',
      id: found.firstText('vid', 'vulnerability'),
      entry: found,
      severity: found.text('severity'),
      title: found.text('vulnerability'),
      description: [found.text('category'), found.text('description')].filter(Boolean).join('\n'),
      host: found.text('location'),
      references: [found.text('avd_reference')],
    });
  }
}
