import { describe, expect, it } from 'vitest';
import { parseReport } from './parse-report.ts';

const read = async (document: unknown) =>
  await parseReport(typeof document === 'string' ? document : JSON.stringify(document), 'audit.json');

describe('what package managers audit', () => {
  it('is read of pip-audit, with what it could not audit', async () => {
    const dependencies = [
      {
        name: 'aiohttp',
        version: '3.6.2',
        vulns: [{ id: 'PYSEC-2021-76', fix_versions: ['3.7.4'], aliases: ['CVE-2021-21330'], description: 'd' }],
      },
      { name: 'inhouse', skip_reason: 'not found' },
    ];
    const { importer, findings, unknowns } = await read({ dependencies, fixes: [] });
    expect(importer).toBe('pip-audit');
    expect(findings).toMatchObject([
      {
        id: 'PYSEC-2021-76',
        aliases: ['CVE-2021-21330'],
        component: { name: 'aiohttp', version: '3.6.2', type: 'pypi' },
        fixedVersions: ['3.7.4'],
      },
    ]);
    expect(unknowns.map(({ message }) => message)).toEqual(['pip-audit could not audit inhouse']);
  });

  it('is read of cargo audit, with its warnings', async () => {
    const entry = (id: string) => ({
      advisory: {
        id,
        title: 't',
        aliases: ['CVE-2026-0001'],
        cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N',
        date: '2026-03-02',
      },
      versions: { patched: ['>=0.38.0'] },
      package: { name: 'tls', version: '0.36.0' },
    });
    const document = {
      database: { 'advisory-count': 1 },
      vulnerabilities: { found: true, count: 1, list: [entry('RUSTSEC-2026-0001')] },
      warnings: {
        unmaintained: [entry('RUSTSEC-2026-0002')],
        yanked: [{ package: { name: 'old', version: '1.0.0' } }],
      },
    };
    const { importer, findings } = await read(document);
    expect(importer).toBe('cargo-audit');
    expect(findings).toMatchObject([
      {
        kind: 'vulnerability',
        id: 'RUSTSEC-2026-0001',
        fixedVersions: ['0.38.0'],
        firstSeen: '2026-03-02T00:00:00.000Z',
      },
      { kind: 'check', id: 'RUSTSEC-2026-0002', severity: 'low' },
      { kind: 'check', id: 'yanked old', title: 'old is yanked' },
    ]);
  });

  const advisory = {
    id: 1092971,
    title: 'Server-Side Request Forgery',
    module_name: 'request',
    severity: 'moderate',
    github_advisory_id: 'GHSA-p8p7-x288-28g6',
    cves: ['CVE-2023-28155'],
    cwe: ['CWE-918'],
    cvss: { score: 6.1, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N' },
    findings: [{ version: '2.88.12', paths: ['a>request', 'b>request'] }],
  };
  const told = {
    id: 'GHSA-p8p7-x288-28g6',
    aliases: ['CVE-2023-28155'],
    weaknesses: ['CWE-918'],
    severity: 'medium',
    score: 6.1,
    component: { name: 'request', version: '2.88.12', type: 'npm', path: 'a>request' },
    occurrences: 2,
  };

  it('is read of Yarn 1, each advisory once, however many ways lead to it', async () => {
    const line = JSON.stringify({ type: 'auditAdvisory', data: { resolution: { id: 1 }, advisory } });
    const summary = '{"type":"auditSummary","data":{"vulnerabilities":{},"dependencies":2}}';
    const { importer, findings } = await read(`${line}\n${line}\n${summary}\n`);
    expect(importer).toBe('yarn-audit');
    expect(findings).toMatchObject([told]);
    expect(findings).toHaveLength(1);
  });

  it('is read of npm 6', async () => {
    const { findings } = await read({ actions: [], advisories: { 1092971: advisory }, metadata: {} });
    expect(findings).toMatchObject([told]);
  });

  it('is read of later Yarns, what is deprecated as a check', async () => {
    const flaw = {
      value: 'transformers',
      children: {
        ID: 1096536,
        Issue: 'i',
        URL: 'https://github.com/advisories/GHSA-37q5-v5qm-c9v8',
        Severity: 'low',
        'Tree Versions': ['4.38'],
      },
    };
    const old = {
      value: 'plugin',
      children: { ID: 'plugin (deprecation)', Issue: 'merged', Severity: 'moderate', 'Tree Versions': ['7.18.6'] },
    };
    const { findings } = await read(`${JSON.stringify(flaw)}\n${JSON.stringify(old)}\n`);
    expect(findings).toMatchObject([
      { kind: 'vulnerability', id: 'GHSA-37q5-v5qm-c9v8', component: { name: 'transformers', version: '4.38' } },
      { kind: 'check', id: 'plugin (deprecation)', severity: 'medium' },
    ]);
  });
});
