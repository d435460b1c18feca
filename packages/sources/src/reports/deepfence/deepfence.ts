import type { FindingCollector, FindingDraft } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** ThreatMapper's four tables: vulnerabilities, secrets, malware, compliance. The content of a secret is not read. */
export function parse(rows: Entry[], report: FindingCollector): void {
  for (const row of rows) {
    if (row.has('cve_id')) addVulnerability(row, report);
    else if (row.has('compliance_check_type')) addCompliance(row, report);
    else if (row.has('Class'))
      report.add({
        ...aboutOf(row),
        kind: 'malware',
        id: row.text('Rule Name'),
        title: `${row.text('Class')}: ${row.text('Rule Name')}`,
        description: row.text('Summary'),
        file: row.text('File Name'),
      });
    else
      report.add({
        ...aboutOf(row),
        kind: 'secret',
        id: row.text('Name') || row.text('Rule'),
        file: row.text('Filename'),
      });
  }
}

function aboutOf(row: Entry): Pick<FindingDraft, 'entry' | 'severity' | 'host' | 'object'> {
  const container = row.text('Container Name');
  return {
    entry: row,
    severity: row.text('Severity'),
    host: row.text('Node Name'),
    object: { cluster: row.text('Kubernetes Cluster Name'), kind: container && 'Container', name: container },
  };
}

function addVulnerability(row: Entry, report: FindingCollector): void {
  const component = row.text('cve_caused_by_package');
  const colon = component.lastIndexOf(':');
  report.add({
    kind: 'vulnerability',
    id: row.text('cve_id'),
    entry: row,
    severity: row.text('cve_severity'),
    description: row.text('cve_description'),
    status: /^true$/i.test(row.text('masked')) ? 'risk-accepted' : 'open',
    image: [
      / \/ /.test(row.text('cve_container_image')) ? '' : row.text('cve_container_image'),
      row.text('cve_container_image_id'),
    ],
    component: {
      name: colon > 0 ? component.slice(0, colon) : component,
      version: colon > 0 ? component.slice(colon + 1) : '',
      type: row.text('cve_type'),
    },
    host: row.text('host_name'),
    fixedVersions: [row.text('cve_fixed_in')],
    cvss: vectorOf(row.text('cve_attack_vector')),
    score: row.number('cve_cvss_score'),
    lastSeen: row.text('@timestamp').replace(/ \+0000 UTC$/, 'Z'),
    references: [row.text('cve_link')],
  });
}

/** ThreatMapper writes vectors in small letters. */
const vectorOf = (vector: string) => vector.toUpperCase();

function addCompliance(row: Entry, report: FindingCollector): void {
  const status = row.text('status');
  if (!/^(?:warn|fail|alarm)/i.test(status)) {
    if (/^note/i.test(status)) report.leftToPeople();
    return;
  }
  report.add({
    kind: 'check',
    id: row.text('test_number'),
    entry: row,
    severity: status,
    means: /^warn/i.test(status) ? 'medium' : 'high',
    title: row.firstText('test_info', 'test_desc'),
    description: [row.text('test_category'), row.text('test_desc')].filter(Boolean).join('\n'),
    status: /^true$/i.test(row.text('masked')) ? 'risk-accepted' : 'open',
    host: row.firstText('node_name', 'host_name'),
    lastSeen: row.text('@timestamp').replace(/ \+0000 UTC$/, 'Z'),
  });
}
