import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** What `anchorectl policy evaluate` found against its policies: what it stops, and what it warns of. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const evaluation of document?.each() ?? []) {
    for (const found of evaluation.each('detail')) {
      if (found.text('status') === 'go') continue;
      const description = found.text('description');
      const flaw =
        found.text('gate') === 'vulnerabilities'
          ? (/^[A-Z]+-[\w-]+(?=\+)/.exec(found.text('triggerId'))?.[0] ?? '')
          : '';
      report.add({
        kind: flaw === '' ? 'check' : 'vulnerability',
        id: flaw || `${found.text('gate')}:${found.text('triggerName')}`,
        entry: found,
        severity: /^(CRITICAL|HIGH|MEDIUM|LOW|NEGLIGIBLE)\b/.exec(description)?.[0] ?? found.text('status'),
        ...(flaw === '' && { means: found.text('status') === 'stop' ? 'high' : 'medium' }),
        title: description,
        description,
        image: [found.text('tag') || evaluation.text('tag'), evaluation.text('digest'), found.text('imageId')],
        component: { name: flaw === '' ? '' : found.text('triggerId').slice(flaw.length + 1) },
        fixedVersions: [/\(fixed in: ([^()]{1,100})\)/.exec(description)?.[1] ?? ''],
        lastSeen: evaluation.text('lastEvaluation'),
      });
    }
  }
}
