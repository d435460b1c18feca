import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Popeye's levels: fine, a remark, a warning, an error. */
const LEVELS = ['ok', 'info', 'warning', 'error'];

/** Popeye's JSON, its sections called sanitizers before version 0.20: each issue above a remark. */
export function parse([document]: Entry[], report: FindingCollector): void {
  const body = document?.at('popeye');
  if (body === undefined) return;
  for (const section of [...body.each('sections'), ...body.each('sanitizers')]) {
    const kind = section.firstText('linter', 'sanitizer');
    for (const [path, issues] of section.members('issues')) {
      const slash = path.indexOf('/');
      for (const issue of issues.each()) {
        const level = issue.number('level') ?? 0;
        if (level < 2) continue;
        const message = issue.text('message');
        const group = issue.text('group');
        report.add({
          kind: 'check',
          id: /^\[(POP-\d{1,5})\]/.exec(message)?.[1] ?? `popeye-${kind}`,
          entry: issue,
          severity: LEVELS[level] ?? '',
          title: message.replace(/^\[POP-\d{1,5}\] */, ''),
          description: message,
          object: {
            namespace: path.slice(0, Math.max(slash, 0)),
            kind,
            name: path.slice(slash + 1),
            container: group === '__root__' ? '' : group,
          },
          lastSeen: body.text('report_time'),
        });
      }
    }
  }
}
