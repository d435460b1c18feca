import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Sysdig's tables of vulnerabilities: of its command line scanner, and of its reporting. */
export function parse(rows: Entry[], report: FindingCollector): void {
  for (const row of rows) {
    report.add({
      kind: 'vulnerability',
      id: row.firstText('CVE ID', 'Vulnerability ID', 'Vulnerability Name'),
      entry: row,
      severity: row.firstText('CVE Severity', 'Vulnerability Severity', 'Severity'),
      status: row.flag('Risk Accepted') ? 'risk-accepted' : 'open',
      image: [row.text('Image Name'), row.text('Image ID')],
      component: {
        name: row.text('Package Name'),
        version: row.text('Package Version'),
        type: row.text('Package Type'),
        path: row.text('Package Path'),
      },
      object: {
        cluster: row.text('Kubernetes Cluster Name'),
        namespace: row.text('Kubernetes Namespace Name'),
        kind: row.text('Kubernetes Workload Type'),
        name: row.text('Kubernetes Workload Name'),
        container: row.text('Kubernetes Container Name'),
      },
      fixedVersions: [row.text('Fix Version')],
      cvss: row.text('CVSS Vector'),
      score: row.number('CVSS Score'),
      firstSeen: row.firstText('Vuln Disclosure Date', 'Disclosure Date'),
      references: [row.text('CVE URL')],
    });
  }
}
