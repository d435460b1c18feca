import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReportRead } from '@breakwater/model';
import { beforeAll, describe, expect, it } from 'vitest';
import { recogniseInputs } from '../inputs/recognise-inputs.ts';
import { detectSbom } from '../sboms/detect-sbom.ts';
import { detectReport } from './detect-report.ts';
import { parseReport } from './parse-report.ts';

const FOLDER = join(import.meta.dirname, '../../../../../shared/inventories/reports');
const isThere = existsSync(FOLDER);

/** Where no count is known from others, or ours differs: how many findings the file holds, and why. */
const COUNTED: Record<string, [findings: number, why: string]> = {
  'anchore_grype/check_all_fields.json': [6, 'two matches of one package are two'],
  'anchore_grype/many_vulns_with_epss_values.json': [15, 'its matches'],
  'bandit/one_vuln.json': [1, 'its result'],
  'checkov/checkov-report-many-vuln.json': [3, 'its failed checks'],
  'deepfence_threatmapper/compliance_report.csv': [1, 'of its rows one warns; the others pass or inform'],
  'deepfence_threatmapper/malware_report.csv': [9, 'its rows'],
  'deepfence_threatmapper/secret_report.csv': [7, 'its rows'],
  'deepfence_threatmapper/vulnerability_report.csv': [3, 'its rows'],
  'dependency_check/multiple_vulnerabilities_has_multiple_findings.xml': [9, '7 vulnerabilities and 2 suppressed'],
  'dependency_check/version-6.5.3.xml': [1, 'its vulnerability'],
  'dockerbench/docker-bench-report-many-vulns.json': [
    33,
    'its WARN; what it informs of is no finding, its NOTE are left to people',
  ],
  'dockle/many_findings.json': [4, 'one of them ignored by its user'],
  'gitleaks/gitleaks8_many.json': [4, 'two places of one rule are two'],
  'gitleaks/version_7.5.0.json': [8, 'its records'],
  'harbor_vulnerability/harbor-trivy-vuln.json': [3, 'its vulnerabilities'],
  'kubebench/kube-bench-controls.json': [36, 'its FAIL; 49 WARN are left to people'],
  'neuvector_compliance/many_vulns.json': [1, 'its WARN; what passes is no finding'],
  'noseyparker/noseyparker_many_vul.jsonl': [6, 'each place of each secret'],
  'nuclei/many_findings.json': [18, 'its records, of which others merge two'],
  'nuclei/multiple_v3.json': [6, 'its records, of which others merge one'],
  'polaris/polaris_many_vuln.json': [21, 'its failed checks of every severity'],
  'sarif/gitleaks_7.5.0.sarif': [8, 'its results'],
  'sarif/no_runs.sarif': [0, 'it has no runs'],
  'stackhawk/stackhawk_many_vul_without_duplicated_findings_subset.json': [5, 'its findings'],
  'sysdig_reports/sysdig-2025.json': [6, 'its rows'],
  'trivy_operator/exposedsecretreport_many.json': [2, 'its secrets'],
  'trufflehog/v3_github.json': [4, 'its records, of which others merge one'],
  'twistlock/scan_report_many_vuln.csv': [3, 'its rows'],
  'wapiti/juicyshop.xml': [2, 'weaknesses that any request shows, told with their 15 requests'],
};

describe.skipIf(!isThere)('117 reports of 45 other tools (where the shared corpus is present)', () => {
  let expected: Record<string, { defectdojo_findings: number | number[] | null }>;
  let files: string[];
  const read = (file: string) => parseReport(readFileSync(join(FOLDER, file), 'utf8'), file);

  beforeAll(() => {
    expected = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')).reports;
    files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\/.+\.\w+$/.test(name))
      .sort();
  });

  it('give every finding that stands in them, each of the form of the contract', async () => {
    const wrong: string[] = [];
    const seen = new Set<string>();
    for (const file of files) {
      if (isOther(file)) continue;
      const { findings, importer, unknowns } = ReportRead.parse(await read(file));
      const known = expected[file]?.defectdojo_findings;
      const count = COUNTED[file]?.[0] ?? known;
      if (findings.length !== count || importer === '') wrong.push(`${file}: ${findings.length} instead of ${count}`);
      if (unknowns.some(({ code }) => code !== 'report-checks-undecided'))
        wrong.push(`${file}: ${unknowns[0]?.message}`);
      seen.add(file);
    }
    expect(wrong).toEqual([]);
    expect(seen.size).toBe(files.length - 9);
    expect(files.length).toBeGreaterThanOrEqual(116);
  });

  it('are SBOMs where they are CycloneDX, and of no known tool where a file says `null`', () => {
    for (const file of files.filter(isOther)) {
      const head = readFileSync(join(FOLDER, file));
      expect(detectReport(head, file), file).toBeUndefined();
      if (file.startsWith('cyclonedx/')) expect(detectSbom(head), file).toMatch(/^cyclonedx/);
      else expect(head.toString().trim()).toBe('null');
    }
  });

  it('are each told from manifests, events and advisories where they lie in a folder', async () => {
    const { reports, sboms, unknowns } = await recogniseInputs([FOLDER]);
    expect(sboms).toHaveLength(8);
    // The corpus's own table of contents and the file that says `null` are neither.
    expect(reports).toHaveLength(files.length - 9);
    expect(unknowns).toEqual([]);
  });

  it('never tell a secret that a report holds', async () => {
    const told: string[] = [];
    for (const file of files.filter((name) => SECRET_REPORTS.test(name))) {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const secrets = [...text.matchAll(SECRET)].map(([, secret]) => secret!).filter((secret) => !PLAIN.has(secret));
      const json = JSON.stringify(await read(file));
      told.push(...secrets.filter((secret) => json.includes(secret)).map((secret) => `${file}: ${secret}`));
      expect(secrets.length, file).toBeGreaterThan(0);
    }
    expect(told).toEqual([]);
  });
});

const isOther = (file: string) => file.startsWith('cyclonedx/') || file === 'gitleaks/no_findings.json';
const SECRET_REPORTS = /^(?:gitleaks\/(?:gitleaks8|version_7)|sarif\/gitleaks|trufflehog|noseyparker|detect_secrets)/;
const SECRET = /"(?:Secret|Match|offender|Raw|Redacted|match_content|hashed_secret|matching)"\s*:\s*"([^"\\]{5,})/g;
/** Words that a rule happens to match and that its title says too. */
const PLAIN = new Set(['secret', 'Password', 'REDACTED']);
