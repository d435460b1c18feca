import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** A scan of Burp Suite as its REST API tells it. Requests, responses and payloads are not read. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const event of document?.each('issue_events') ?? []) {
    const issue = event.at('issue');
    if (event.text('type') !== '' && event.text('type') !== 'issue_found') continue;
    report.add({
      kind: 'web',
      id: issue.firstText('type_index', 'name'),
      entry: event,
      severity: issue.text('severity'),
      title: issue.text('name'),
      description: issue.text('description') || issue.text('issue_background'),
      remediation: issue.text('remediation') || issue.text('remediation_background'),
      url: `${issue.text('origin')}${issue.text('path')}`,
    });
  }
}
