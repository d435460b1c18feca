import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseReport } from './parse-report.ts';

const FOLDER = join(import.meta.dirname, '../../../../../shared/inventories/reports');

/** Some fields of one finding of each tool, as its file has them. */
const SPOTS: [file: string, at: number, fields: object][] = [
  ['bandit/one_vuln.json', 0, { id: 'B101', severity: 'low', file: 'one/one.py', line: 2 }],
  [
    'burp_api/example.json',
    0,
    { title: 'TLS cookie without secure flag set', givenSeverity: 'info', url: 'https://whitespots.io/build-ssdlc' },
  ],
  [
    'checkov/checkov-report-severity.json',
    0,
    { id: 'CKV_GCP_29', aliases: ['BC_GCP_GCS_2'], severity: 'medium', file: '/gcs.tf', line: 1 },
  ],
  [
    'detect_secrets/many_findings.json',
    3,
    { kind: 'secret', id: 'Secret Keyword', status: 'false-positive', line: 112 },
  ],
  [
    'dockerbench/docker-bench-report-many-vulns.json',
    0,
    { kind: 'check', id: '1.1.1', severity: 'medium', givenSeverity: 'WARN' },
  ],
  ['dockle/many_findings.json', 0, { id: 'CIS-DI-0001', severity: 'medium', status: 'open' }],
  [
    'gitleaks/gitleaks8_many.json',
    0,
    { kind: 'secret', id: 'aws-access-token', file: '/conf/aws.tf', line: 2, firstSeen: '2021-10-14T17:05:15.000Z' },
  ],
  [
    'hadolint/many_dockerfile.json',
    0,
    { id: 'DL3008', severity: 'medium', file: 'django-DefectDojo/Dockerfile.django', line: 9 },
  ],
  ['krakend_audit/many_findings.json', 0, { id: '2.1.2', severity: 'high' }],
  [
    'kubeaudit/kubeaudit.json',
    0,
    { id: 'DeprecatedAPIUsed', severity: 'medium', object: { kind: 'ComponentStatus', name: 'controller-manager' } },
  ],
  ['kubebench/kube-bench-controls.json', 0, { id: '1.1.1', severity: 'unknown', host: 'master' }],
  [
    'kubehunter/kubehunter_many_vul.json',
    0,
    { id: 'KHV050', severity: 'low', host: 'Local to Pod (kube-hunter-5pmjs)' },
  ],
  [
    'kubelinter/kubelinter_many_vuln.json',
    0,
    { id: 'latest-tag', object: { kind: 'Deployment', name: 'generic-app' }, file: '/manifests/many.yaml' },
  ],
  [
    'kubescape/with_a_failure.json',
    0,
    { id: 'C-0030', severity: 'medium', object: { kind: 'Deployment', name: 'nginx-deployment' }, file: 'nginx.yaml' },
  ],
  [
    'neuvector_compliance/many_vulns.json',
    0,
    { severity: 'medium', givenSeverity: 'WARN', host: 'host', lastSeen: '2022-09-19T10:32:47.000Z' },
  ],
  [
    'noseyparker/noseyparker_many_vul.jsonl',
    0,
    { kind: 'secret', id: 'Generic API Key', file: './app/schema/config.py', line: 16 },
  ],
  [
    'nuclei/many_findings_new.json',
    0,
    { id: 'CVE-2018-15473', severity: 'medium', weaknesses: ['CWE-362'], score: 5.3, url: 'nuclei-example.com:22' },
  ],
  [
    'openscap/one_vuln_rhsa.xml',
    0,
    { kind: 'vulnerability', id: 'RHSA-2006:0117', aliases: ['CVE-2005-1038'], severity: 'low', host: 'sample.system' },
  ],
  [
    'polaris/polaris_many_vuln.json',
    0,
    { id: 'deploymentMissingReplicas', severity: 'medium', object: { kind: 'Deployment', name: 'generic-app' } },
  ],
  [
    'popeye/popeye_new_format.json',
    0,
    {
      id: 'POP-106',
      severity: 'medium',
      object: { kind: 'pods', namespace: 'test-namespace', name: '6cff44dc94-d92km' },
    },
  ],
  [
    'sarif/appendix_k.sarif',
    0,
    {
      id: 'C2001',
      description:
        'Variable "ptr" was used without being initialized. It was declared [here](0).\nA variable was used without being initialized. This can result in runtime errors such as null reference exceptions.',
      severity: 'high',
      status: 'risk-accepted',
      file: 'collections/list.h',
      line: 15,
    },
  ],
  ['semgrep/cwe_list.json', 0, { kind: 'code', weaknesses: ['CWE-352'], severity: 'low', file: 'index.js', line: 12 }],
  [
    'stackhawk/stackhawk_many_vul_without_duplicated_findings_subset.json',
    0,
    { id: '90027', severity: 'low', url: 'https://localhost:9000/payload/3097', occurrences: 8 },
  ],
  ['trufflehog/v3_github.json', 0, { kind: 'secret', id: 'AWS', severity: 'critical', file: 'keys', line: 4 }],
  ['wapiti/juicyshop.xml', 0, { severity: 'low', url: 'https://juice-shop.herokuapp.com/', occurrences: 5 }],
  [
    'zap/dvwa_baseline_dojo.xml',
    0,
    {
      id: '10020',
      severity: 'medium',
      weaknesses: ['CWE-16'],
      url: 'http://172.17.0.2/vulnerabilities/brute/',
      occurrences: 11,
    },
  ],
];

describe.skipIf(!existsSync(FOLDER))(
  'reports of checks, secrets, code and sites (where the shared corpus is present)',
  () => {
    it.each(SPOTS)('%s tells at %i what its tool wrote', async (file, at, fields) => {
      const { findings } = await parseReport(readFileSync(join(FOLDER, file), 'utf8'), file);
      expect(findings[at]).toMatchObject(fields);
    });
  },
);
