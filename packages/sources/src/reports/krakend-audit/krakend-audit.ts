import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** `krakend audit`: what it recommends of the gateway's configuration. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const found of document?.each('recommendations') ?? []) {
    report.add({
      kind: 'check',
      id: found.text('rule'),
      entry: found,
      severity: found.text('severity'),
      title: found.text('message'),
      description: found.text('message'),
    });
  }
}
