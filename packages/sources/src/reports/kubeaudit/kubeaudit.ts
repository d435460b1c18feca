import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** kubeaudit's log, a record a line: each object that breaks a rule. */
export function parse(documents: Entry[], report: FindingCollector): void {
  for (const found of documents.flatMap((document) => document.each())) {
    if (found.text('level') === 'info') continue;
    report.add({
      kind: 'check',
      id: found.text('AuditResultName'),
      entry: found,
      severity: found.text('level'),
      description: [found.text('msg'), found.text('Metadata') && `About ${found.text('Metadata')}`]
        .filter(Boolean)
        .join('\n'),
      object: {
        namespace: found.firstText('ResourceNamespace', 'Namespace'),
        kind: found.text('ResourceKind'),
        name: found.text('ResourceName'),
        container: found.text('Container'),
      },
      lastSeen: found.text('time'),
    });
  }
}
