import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Semgrep's JSON: each result in a line of code. The code itself is not kept. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  report.toolVersion = document.text('version');
  for (const result of document.each('results')) {
    const [extra, metadata] = [result.at('extra'), result.at('extra', 'metadata')];
    const id = result.text('check_id');
    report.add({
      kind: extra.has('validation_state') && /secret/i.test(id) ? 'secret' : 'code',
      id,
      entry: result,
      severity: extra.text('severity'),
      title: id.slice(id.lastIndexOf('.') + 1),
      description: extra.text('message'),
      status: extra.flag('is_ignored') ? 'risk-accepted' : 'open',
      identifiers: [...metadata.texts('cwe'), ...metadata.texts('owasp').filter((text) => /^CWE/.test(text))],
      file: result.text('path'),
      line: result.number('start', 'line'),
      references: [
        ...metadata.texts('references'),
        metadata.firstText('source', 'source-rule-url'),
        metadata.text('shortlink'),
      ],
    });
  }
  const errors = document.each('errors').length;
  if (errors > 0)
    report.unknown(
      'report-tool-errors',
      `Semgrep had ${errors} errors: not everything was looked at`,
      document.at('errors'),
    );
}
