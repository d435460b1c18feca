import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** NeuVector's scan report of an image or a workload. Evidence of secrets and environment variables are not read. */
export function parse([document]: Entry[], report: FindingCollector): void {
  const body = document?.at('report');
  if (body === undefined) return;
  report.toolVersion = body.text('cvedb_version');
  const image = [
    `${body.text('registry')}${body.text('repository')}${body.text('tag') && `:${body.text('tag')}`}`,
    body.text('digest'),
  ];
  for (const found of body.each('vulnerabilities'))
    report.add({
      kind: 'vulnerability',
      id: found.text('name'),
      entry: found,
      severity: found.text('severity'),
      description: found.text('description'),
      identifiers: found.texts('cves'),
      image,
      component: {
        name: found.text('package_name'),
        version: found.text('package_version'),
        path: found.text('file_name'),
      },
      fixedVersions: found.text('fixed_version').split(/\|\||, */),
      cvss: found.firstText('vectors_v3', 'vectors'),
      score: found.number('score_v3') ?? found.number('score'),
      references: [found.text('link')],
    });
  for (const check of body.each('checks')) {
    if (!/^(?:WARN|FAIL|HIGH|ERROR)/i.test(check.text('level'))) continue;
    report.add({
      kind: 'check',
      id: check.text('test_number'),
      entry: check,
      severity: check.text('level'),
      title: check.text('description'),
      description: check.texts('message').join('\n'),
      remediation: check.text('remediation'),
      image,
    });
  }
  for (const secret of body.each('secrets')) {
    if (secret.text('type') === '') continue;
    report.add({
      kind: 'secret',
      id: secret.text('type'),
      entry: secret,
      file: secret.text('path'),
      remediation: secret.text('suggestion'),
      image,
    });
  }
}
