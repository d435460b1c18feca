import type { FindingCollector } from '../reading/collect-findings.ts';
import type { Entry } from '../reading/entry.ts';

/** Sysdig's report of the vulnerabilities of workloads, as JSON. */
export function parse([document]: Entry[], report: FindingCollector): void {
  const rows = (document?.each('panels') ?? []).flatMap((panel) => panel.each('data'));
  for (const row of rows) {
    report.add({
      kind: 'vulnerability',
      id: row.text('vuln_id'),
      entry: row,
      severity: row.text('vuln_severity'),
      status: row.flag('vuln_risk_accepted') ? 'risk-accepted' : 'open',
      image: [row.text('container_image'), row.text('container_image_id')],
      component: {
        name: row.text('scan_package_name'),
        version: row.text('scan_package_version'),
        type: row.text('scan_package_type'),
        path: row.text('scan_package_path'),
      },
      object: {
        cluster: row.text('kubernetes_cluster_name'),
        namespace: row.text('kubernetes_namespace_name'),
        kind: row.text('kubernetes_workload_type'),
        name: row.text('kubernetes_workload_name'),
        container: row.text('kubernetes_pod_container_name'),
      },
      fixedVersions: [row.text('vuln_fixed_in_version')],
      cvss: row.text('vuln_cvss_vector'),
      score: row.number('vuln_cvss_score'),
      firstSeen: row.text('vuln_disclosure_date'),
    });
  }
}
