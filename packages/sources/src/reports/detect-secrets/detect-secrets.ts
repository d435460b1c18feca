import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** A baseline of detect-secrets: each place, with what an audit said of it. Hashes of secrets are not read: short ones are guessed. */
export function parse([document]: Entry[], report: FindingCollector): void {
  if (document === undefined) return;
  report.toolVersion = document.text('version');
  for (const [path, places] of document.members('results')) {
    for (const place of places.each()) {
      report.add({
        kind: 'secret',
        id: place.text('type'),
        entry: place,
        ...(place.flag('is_verified') && { means: 'critical' }),
        status: place.at('is_secret').value === false ? 'false-positive' : 'open',
        file: place.text('filename') || path,
        line: place.number('line_number'),
        lastSeen: document.text('generated_at'),
      });
    }
  }
}
