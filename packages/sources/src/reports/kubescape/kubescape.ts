import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Kubescape's JSON (format 2): each control that an object fails. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  const scan = document.at('metadata', 'scanMetadata');
  report.toolVersion = scan.text('kubescapeVersion');
  const resources = new Map(document.each('resources').map((resource) => [resource.text('resourceID'), resource]));
  const controls = new Map(document.members('summaryDetails', 'controls'));
  for (const result of document.each('results')) {
    const resource = resources.get(result.text('resourceID'));
    const object = resource?.at('object');
    for (const control of result.each('controls')) {
      if ((control.text('status', 'status') || control.text('status')) !== 'failed') continue;
      const known = controls.get(control.text('controlID'));
      report.add({
        kind: 'check',
        id: control.text('controlID'),
        entry: control,
        severity: control.text('severity') || wordOf(known?.number('scoreFactor')),
        title: control.text('name'),
        description: describe(control),
        object: {
          cluster:
            document.text('clusterName') ||
            document.text('metadata', 'clusterMetadata', 'contextMetadata', 'clusterName'),
          namespace: object?.text('metadata', 'namespace') || object?.text('namespace') || '',
          kind: object?.text('kind') ?? '',
          name: object?.text('metadata', 'name') || object?.text('name') || '',
        },
        file: resource?.text('source', 'relativePath') ?? '',
        references: [`https://hub.armosec.io/docs/${control.text('controlID').toLowerCase()}`],
        lastSeen: document.text('generationTime'),
      });
    }
  }
}

/** The fields that fail or are to be set. */
function describe(control: Entry): string {
  const paths = control.each('rules').flatMap((rule) => rule.each('paths'));
  const failed = paths.map((path) => path.text('failedPath')).filter(Boolean);
  const missing = paths.map((path) => path.text('fixPath', 'path')).filter(Boolean);
  return [failed.length > 0 && `Fails: ${failed.join(', ')}`, missing.length > 0 && `To be set: ${missing.join(', ')}`]
    .filter(Boolean)
    .join('\n');
}

/** Kubescape's bands of a control's weight. */
function wordOf(factor: number | undefined): string {
  if (factor === undefined) return '';
  if (factor >= 9) return 'Critical';
  if (factor >= 7) return 'High';
  return factor >= 4 ? 'Medium' : 'Low';
}
