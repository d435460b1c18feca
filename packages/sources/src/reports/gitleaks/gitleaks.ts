import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Gitleaks' JSON of version 8, and of 7 before it. The secret, its line and the commit's message are not read. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const leak of document?.each() ?? []) {
    const rule = leak.firstText('RuleID', 'rule', 'Description');
    const [commit, date] = [leak.firstText('Commit', 'commit'), leak.firstText('Date', 'date')];
    report.add({
      kind: 'secret',
      id: rule,
      entry: leak,
      title: leak.firstText('Description', 'rule'),
      description: /^[0-9a-f]{7,64}$/.test(commit) ? `In commit ${commit}` : '',
      file: leak.firstText('File', 'file'),
      line: leak.number('StartLine') ?? leak.number('lineNumber'),
      url: leak.text('leakURL'),
      firstSeen: date,
    });
  }
}
