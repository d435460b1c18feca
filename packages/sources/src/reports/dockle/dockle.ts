import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

const REPORTED = new Set(['FATAL', 'WARN', 'INFO']);

/** Dockle's JSON: the checks that an image does not pass; those that somebody ignores are accepted. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  for (const found of document.each('details')) {
    const level = found.text('level');
    if (!REPORTED.has(level) && level !== 'IGNORE') continue;
    report.add({
      kind: 'check',
      id: found.text('code'),
      entry: found,
      severity: level,
      title: found.text('title'),
      description: found.texts('alerts').join('\n'),
      status: level === 'IGNORE' ? 'risk-accepted' : 'open',
      image: [document.text('image')],
      occurrences: found.each('alerts').length,
    });
  }
}
