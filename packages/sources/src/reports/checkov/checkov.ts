import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Checkov's JSON, of one framework or a list of several: each check that fails, and each that somebody skipped. */
export function parse([document]: Entry[], report: FindingCollector): void {
  for (const part of document?.each() ?? []) {
    report.toolVersion ||= part.text('summary', 'checkov_version') || part.text('checkov_version');
    for (const check of part.each('results', 'failed_checks')) addCheck(check, 'open', report);
    for (const check of part.each('results', 'skipped_checks')) addCheck(check, 'risk-accepted', report);
    const errors = part.each('results', 'parsing_errors').length;
    if (errors > 0) report.unknown('report-tool-errors', `Checkov could not read ${errors} files`, part);
  }
}

function addCheck(check: Entry, status: 'open' | 'risk-accepted', report: FindingCollector): void {
  const detail = check.at('vulnerability_details');
  report.add({
    kind: detail.has('id') ? 'vulnerability' : /SECRET/.test(check.text('check_id')) ? 'secret' : 'check',
    id: detail.text('id') || check.text('check_id'),
    entry: check,
    severity: check.text('severity'),
    title: check.firstText('check_name', 'short_description'),
    description: [`Resource ${check.text('resource')}`, check.text('description')].filter(Boolean).join('\n'),
    remediation: check.text('guideline'),
    status,
    identifiers: [check.text('bc_check_id')],
    component: { name: detail.text('package_name'), version: detail.text('package_version') },
    file: check.firstText('repo_file_path', 'file_path'),
    line: check.each('file_line_range').at(0)?.number(),
    references: [check.text('guideline')],
  });
}
