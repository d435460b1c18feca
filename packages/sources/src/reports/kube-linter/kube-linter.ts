import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** KubeLinter's JSON: each object that fails a check. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  report.toolVersion = document.text('Summary', 'KubeLinterVersion');
  const checks = new Map(document.each('Checks').map((check) => [check.text('name'), check]));
  for (const found of document.each('Reports')) {
    const object = found.at('Object', 'K8sObject');
    report.add({
      kind: 'check',
      id: found.text('Check'),
      entry: found,
      title: checks.get(found.text('Check'))?.text('description') || found.text('Diagnostic', 'Message'),
      description: found.text('Diagnostic', 'Message'),
      remediation: found.text('Remediation'),
      object: {
        namespace: object.text('Namespace'),
        kind: object.text('GroupVersionKind', 'Kind'),
        name: object.text('Name'),
      },
      file: found.text('Object', 'Metadata', 'FilePath'),
      lastSeen: document.text('Summary', 'CheckEndTime'),
    });
  }
}
