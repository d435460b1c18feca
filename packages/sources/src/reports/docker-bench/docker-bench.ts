import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Docker Bench for Security: checks that warn. What it only notes is left to people. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  report.toolVersion = document.text('dockerbenchsecurity');
  const seconds = document.number('end');
  const lastSeen = seconds !== undefined && seconds > 0 && seconds < 1e10 ? new Date(seconds * 1000).toISOString() : '';
  for (const test of document.each('tests')) {
    for (const result of test.each('results')) {
      if (result.text('result') === 'NOTE') report.leftToPeople();
      if (result.text('result') !== 'WARN') continue;
      report.add({
        kind: 'check',
        id: result.text('id'),
        entry: result,
        severity: result.text('result'),
        title: result.text('desc'),
        description: [test.text('desc'), result.text('details')].filter(Boolean).join('\n'),
        remediation: result.text('remediation'),
        occurrences: result.each('items').length,
        lastSeen,
      });
    }
  }
}
