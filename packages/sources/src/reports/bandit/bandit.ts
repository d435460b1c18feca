import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Bandit's JSON: each test that a line of Python fails. The code itself is not kept. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  for (const found of document.each('results')) {
    report.add({
      kind: 'code',
      id: found.text('test_id'),
      entry: found,
      severity: found.text('issue_severity'),
      title: found.text('test_name'),
      description: found.text('issue_text'),
      identifiers: found.has('issue_cwe', 'id') ? [`CWE-${found.text('issue_cwe', 'id')}`] : [],
      file: found.text('filename'),
      line: found.number('line_number'),
      references: [found.text('more_info')],
      lastSeen: document.text('generated_at'),
    });
  }
  const errors = document.each('errors').length;
  if (errors > 0) report.unknown('report-tool-errors', `Bandit could not read ${errors} files`, document.at('errors'));
}
