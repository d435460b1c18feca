import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Nuclei's JSON, a record a line or a list. Requests, responses, commands and what was extracted are not kept. */
export function parse(documents: Entry[], report: FindingCollector): void {
  for (const found of documents.flatMap((document) => document.each())) {
    const info = found.at('info');
    const part = found.firstText('matcher-name', 'matcher_name', 'extractor-name');
    report.add({
      kind: 'web',
      id: found.firstText('template-id', 'templateID', 'template'),
      entry: found,
      severity: info.text('severity'),
      title: [info.text('name'), part].filter(Boolean).join(': '),
      description: info.text('description'),
      remediation: info.text('remediation'),
      identifiers: [...info.texts('classification', 'cve-id'), ...info.texts('classification', 'cwe-id')],
      url: found.firstText('matched-at', 'matched', 'url', 'host'),
      host: found.text('host'),
      cvss: info.text('classification', 'cvss-metrics'),
      score: info.number('classification', 'cvss-score'),
      references: info.texts('reference').flatMap((text) => text.match(/https?:\/\/\S{1,500}/g) ?? []),
      lastSeen: found.text('timestamp'),
    });
  }
}
