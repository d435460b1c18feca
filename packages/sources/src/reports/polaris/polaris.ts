import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Polaris' JSON: the checks that a workload, its pods or its containers do not pass. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  const about = {
    file: document.text('SourceType') === 'Path' ? document.text('SourceName') : '',
    lastSeen: document.text('AuditTime'),
  };
  for (const workload of document.each('Results')) {
    const object = { namespace: workload.text('Namespace'), kind: workload.text('Kind'), name: workload.text('Name') };
    const pod = workload.at('PodResult');
    const scopes = [workload, pod].map((entry) => ({ entry, container: '' }));
    const containers = pod.each('ContainerResults').map((entry) => ({ entry, container: entry.text('Name') }));
    for (const { entry, container } of [...scopes, ...containers]) {
      for (const [name, check] of entry.members('Results')) {
        if (!check.has('Success') || check.flag('Success') || check.text('Severity') === 'ignore') continue;
        report.add({
          ...about,
          kind: 'check',
          id: check.text('ID') || name,
          entry: check,
          severity: check.text('Severity'),
          title: check.text('Message'),
          description: [check.text('Category'), ...check.texts('Details')].join('\n'),
          object: { ...object, container },
        });
      }
    }
  }
}
