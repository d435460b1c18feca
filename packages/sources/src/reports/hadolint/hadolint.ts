import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** hadolint's JSON: each rule that a line of a Dockerfile breaks. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const found of document?.each() ?? []) {
    const code = found.text('code');
    report.add({
      kind: 'check',
      id: code,
      entry: found,
      severity: found.text('level'),
      title: found.text('message'),
      description: found.text('message'),
      file: found.text('file').replaceAll('\\', '/'),
      line: found.number('line'),
      references: [
        code.startsWith('SC')
          ? `https://www.shellcheck.net/wiki/${code}`
          : `https://github.com/hadolint/hadolint/wiki/${code}`,
      ],
    });
  }
}
