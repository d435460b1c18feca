import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseReport } from './parse-report.ts';

const FOLDER = join(import.meta.dirname, '../../../../../shared/inventories/reports');

/** Some fields of one finding of each tool, as its file has them. */
const SPOTS: [file: string, at: number, fields: object][] = [
  [
    'anchore_grype/check_all_fields.json',
    0,
    {
      id: 'CVE-2004-0971',
      severity: 'low',
      givenSeverity: 'Negligible',
      image: {
        reference: 'vulnerable-image:latest',
        digest: 'sha256:ce9898fd214aef9c994a42624b09056bdce3ff4a8e3f68dc242d967b80fcbeee',
      },
      component: { name: 'libgssapi-krb5-2', version: '1.17-3+deb10u3', type: 'deb' },
    },
  ],
  [
    'anchorectl_policies/many_violations.json',
    1,
    {
      kind: 'vulnerability',
      id: 'GHSA-1234-abcd-5678',
      severity: 'medium',
      fixedVersions: ['1.2.3'],
      image: { reference: 'test/testimage:testtag' },
    },
  ],
  [
    'anchorectl_vulns/many_vulns.json',
    3,
    {
      id: 'CVE-2018-15686',
      severity: 'high',
      fixedVersions: ['232-25+deb9u10'],
      component: { name: 'libsystemd0', version: '232-25+deb9u9', type: 'dpkg' },
    },
  ],
  [
    'aqua/many_vulns.json',
    0,
    {
      id: 'CVE-2019-14697',
      severity: 'high',
      score: 9.8,
      component: { name: 'musl', version: '1.1.20-r4', type: 'apk' },
      image: { reference: 'your_image:latest' },
      fixedVersions: ['1.1.20-r5'],
    },
  ],
  [
    'clair/clair_many_vul.json',
    0,
    {
      id: 'CVE-2018-20839',
      severity: 'medium',
      component: { name: 'systemd', version: '237-3ubuntu10.29', type: 'ubuntu:18.04' },
    },
  ],
  [
    'clair/clairklar_mixed.json',
    0,
    { id: 'RHSA-2019:0109', severity: 'critical', givenSeverity: 'Defcon1', fixedVersions: ['4:5.16.3-294.el7_6'] },
  ],
  [
    'deepfence_threatmapper/vulnerability_report.csv',
    0,
    {
      id: 'CVE-2021-36084',
      severity: 'low',
      component: { name: 'libsepol', version: '2.5-8.1.amzn2.0.2', type: 'base' },
      cvss: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:L',
      lastSeen: '2024-02-22T15:54:17.939Z',
    },
  ],
  [
    'deepfence_threatmapper/secret_report.csv',
    0,
    {
      kind: 'secret',
      id: 'Username and password in URI',
      severity: 'high',
      file: 'usr/share/doc/curl-8.3.0/TheArtOfHttpScripting.md',
    },
  ],
  [
    'dependency_check/version-6.5.3.xml',
    0,
    {
      id: 'CVE-2020-9488',
      severity: 'low',
      score: 3.7,
      weaknesses: ['CWE-295'],
      component: { name: 'org.apache.logging.log4j:log4j-api', version: '2.12.4', type: 'maven' },
    },
  ],
  [
    'govulncheck/many_vulns_new_version.json',
    0,
    {
      id: 'GO-2023-1840',
      aliases: ['CVE-2023-29403'],
      component: { name: 'stdlib', version: 'v1.20.1', type: 'golang' },
      fixedVersions: ['v1.20.5'],
    },
  ],
  [
    'harbor_vulnerability/harbor-trivy-vuln.json',
    0,
    {
      id: 'CVE-2022-1304',
      severity: 'high',
      score: 7.8,
      weaknesses: ['CWE-125', 'CWE-787'],
      component: { name: 'e2fsprogs', version: '1.46.2-2' },
    },
  ],
  [
    'neuvector/many_vulns.json',
    0,
    {
      id: 'CVE-2015-8356',
      severity: 'high',
      score: 7.3,
      component: { name: 'openssh', version: '7.2_p2-r0' },
      fixedVersions: ['1:7.2p2-3'],
    },
  ],
  [
    'npm_audit_7_plus/many_vulns.json',
    2,
    {
      id: 'GHSA-gxpj-cx7g-858c',
      severity: 'medium',
      weaknesses: ['CWE-400'],
      score: 5.3,
      component: { name: 'debug', version: '4.0.0 - 4.3.0', type: 'npm' },
    },
  ],
  [
    'osv_scanner/some_findings.json',
    0,
    {
      kind: 'malware',
      id: 'MAL-2023-1035',
      aliases: ['GHSA-8348-2q94-ffjx'],
      component: { name: 'flot-axis', version: '0.0.0', type: 'npm' },
    },
  ],
  [
    'snyk/single_project_one_vuln.json',
    0,
    {
      aliases: ['CVE-2019-12400'],
      weaknesses: ['CWE-611'],
      severity: 'medium',
      score: 6.5,
      fixedVersions: ['2.1.4'],
      component: { name: 'org.apache.santuario:xmlsec', version: '2.1.1', type: 'maven', path: 'pom.xml' },
    },
  ],
  [
    'sysdig_cli/sysdig_reports_many_vul.csv',
    1,
    {
      id: 'CVE-2019-6446',
      severity: 'critical',
      score: 9.8,
      component: { name: 'numpy', version: '1.12.1', type: 'python' },
      fixedVersions: ['v1.16.1'],
    },
  ],
  [
    'sysdig_reports/sysdig-2025.csv',
    0,
    {
      id: 'CVE-2005-2541',
      object: {
        cluster: 'k8s name 1',
        namespace: 'defectdojo',
        kind: 'Deployment',
        name: 'defectdojo-celery-worker',
        container: 'celery',
      },
    },
  ],
  [
    'sysdig_reports/sysdig-2025.json',
    0,
    { id: 'CVE-2005-2541', severity: 'low', cvss: 'AV:N/AC:L/Au:N/C:C/I:C/A:C', score: 10 },
  ],
  [
    'trivy/cvssv4_severity_source.json',
    0,
    {
      id: 'CVE-2025-66614',
      aliases: ['GHSA-fpj8-gq4v-p354'],
      severity: 'medium',
      score: 6.3,
      fixedVersions: ['11.0.14', '10.1.49', '9.0.112'],
    },
  ],
  ['trivy/misconfigurations_and_secrets.json', 3, { kind: 'secret', id: 'github-pat', severity: 'critical', line: 24 }],
  [
    'trivy/kubernetes.json',
    0,
    {
      id: 'CVE-2020-27350',
      object: { kind: 'Deployment', namespace: 'default', name: 'redis-follower' },
      image: { reference: 'gcr.io/google_samples/gb-redis-follower:v2' },
    },
  ],
  [
    'trivy_operator/vulnerabilityreport_many.json',
    0,
    {
      id: 'CVE-2023-23914',
      severity: 'critical',
      image: { reference: 'index.docker.io/library/nginx:alpine' },
      object: { kind: 'ReplicaSet', namespace: 'default', container: 'nginx' },
      fixedVersions: ['7.87.0-r2'],
    },
  ],
  [
    'twistlock/many_vulns.json',
    1,
    { id: 'CVE-2018-6485', severity: 'high', score: 9.8, component: { name: 'glibc', version: '2.24-11+deb9u4' } },
  ],
  [
    'twistlock/scan_report_many_vuln.csv',
    0,
    {
      id: 'CVE-2023-12334',
      severity: 'critical',
      fixedVersions: ['1.2.11'],
      image: { reference: 'provisioner-docker.cloud.thdm.local/acme/acme-image-root:1.1.2' },
    },
  ],
];

describe.skipIf(!existsSync(FOLDER))('reports of vulnerabilities (where the shared corpus is present)', () => {
  it.each(SPOTS)('%s tells at %i what its tool wrote', async (file, at, fields) => {
    const { findings } = await parseReport(readFileSync(join(FOLDER, file), 'utf8'), file);
    expect(findings[at]).toMatchObject(fields);
  });
});
