import type { FindingCollector, FindingDraft } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** What a scan of StackHawk posts when it has ended: each finding of a host with its paths. */
export function parse([document]: Entry[], report: FindingCollector): void {
  const scan = document?.at('scanCompleted');
  if (scan === undefined) return;
  report.toolVersion = scan.text('scan', 'hawkscanVersion');
  for (const found of scan.each('findings')) {
    const paths = found.each('paths');
    report.add({
      kind: 'web',
      id: found.text('pluginId'),
      entry: found,
      severity: found.text('severity'),
      title: found.text('pluginName'),
      description: found.text('category'),
      status: statusOf(paths.map((path) => path.text('status'))),
      url: `${found.text('host')}${paths[0]?.text('path') ?? ''}`,
      references: [found.text('findingURL')],
      occurrences: found.number('totalCount') ?? paths.length,
      lastSeen: scan.text('scan', 'startedTimestamp'),
    });
  }
}

/** Settled only where every path is. */
function statusOf(statuses: string[]): FindingDraft['status'] {
  if (statuses.length === 0) return 'open';
  if (statuses.every((status) => status === 'FALSE_POSITIVE')) return 'false-positive';
  return statuses.every((status) => status === 'RISK_ACCEPTED' || status === 'FALSE_POSITIVE')
    ? 'risk-accepted'
    : 'open';
}
