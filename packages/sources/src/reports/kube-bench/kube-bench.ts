import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** kube-bench's JSON: checks of the CIS benchmark that fail. What it warns of are checks that it leaves to people. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  const controls = document.has('Controls') ? document.each('Controls') : document.each();
  for (const control of controls) {
    for (const test of control.each('tests')) {
      for (const result of test.each('results')) addResult(result, test, control, report);
    }
  }
}

function addResult(result: Entry, test: Entry, control: Entry, report: FindingCollector): void {
  const status = result.text('status');
  if (status === 'WARN') report.leftToPeople();
  if (status !== 'FAIL') return;
  const expected = result.text('expected_result');
  report.add({
    kind: 'check',
    id: result.text('test_number'),
    entry: result,
    title: result.text('test_desc'),
    description: [`${control.text('text')}: ${test.text('desc')}`, expected && `Expected: ${expected}`]
      .filter(Boolean)
      .join('\n'),
    remediation: result.text('remediation'),
    host: control.text('node_type'),
  });
}
