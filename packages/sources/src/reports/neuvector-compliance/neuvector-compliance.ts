import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** NeuVector's compliance report: the checks of the CIS benchmarks that are not kept. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const item of document?.each('items') ?? []) {
    const level = item.text('level');
    if (/^(?:NOTE|MANUAL)/i.test(level)) report.leftToPeople();
    if (!/^(?:WARN|FAIL|HIGH|ERROR)/i.test(level)) continue;
    report.add({
      kind: 'check',
      id: item.text('test_number'),
      entry: item,
      severity: level,
      title: item.text('description'),
      description: [...item.texts('message'), `Profile ${item.text('profile')}; ${item.texts('tags').join(', ')}`].join(
        '\n',
      ),
      remediation: item.text('remediation'),
      host: item.text('type'),
      lastSeen: document!.text('run_at'),
    });
  }
}
