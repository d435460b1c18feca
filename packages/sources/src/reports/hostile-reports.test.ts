import { ReportRead } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectReport } from './detect-report.ts';
import { importers } from './importers.ts';
import { parseReport } from './parse-report.ts';

const trivy = (fields: object) =>
  JSON.stringify({
    SchemaVersion: 2,
    ArtifactName: 'a',
    Results: [{ Target: 't', Vulnerabilities: [{ VulnerabilityID: 'CVE-2024-0001', PkgName: 'p', ...fields }] }],
  });

describe('a report of a stranger', () => {
  it('is told by its name once, and its importers by theirs', () => {
    expect(new Set(importers.map(({ name }) => name)).size).toBe(importers.length);
  });

  it('is bounded in every text', async () => {
    const { findings } = await parseReport(
      trivy({
        Description: 'x'.repeat(1_000_000),
        Title: 'y'.repeat(10_000),
        References: Array(5_000)
          .fill(0)
          .map((_, index) => `https://a.example/${index}`),
      }),
      'r.json',
    );
    expect(findings[0]!.description.length).toBeLessThanOrEqual(4_000);
    expect(findings[0]!.title.length).toBeLessThanOrEqual(500);
    expect(findings[0]!.references).toHaveLength(20);
  });

  it('brings no fields of its own through names that objects have anyway', async () => {
    const text =
      '{"SchemaVersion":2,"ArtifactName":"a","Results":[{"__proto__":{"Vulnerabilities":[{"VulnerabilityID":"CVE-2024-0002"}]},"constructor":{"x":1}}]}';
    expect((await parseReport(text, 'r.json')).findings).toEqual([]);
    expect(({} as Record<string, unknown>)['Vulnerabilities']).toBeUndefined();
  });

  it('has markup told as text, and entities that it declares left alone', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><OWASPZAPReport version="2"><site name="http://a"><alerts><alertitem><pluginid>1</pluginid><name>&b;</name><desc>&lt;script&gt;1&lt;/script&gt;</desc></alertitem></alerts></site></OWASPZAPReport>`;
    const { findings, unknowns } = await parseReport(bomb, 'zap.xml');
    for (const { title, description } of findings) {
      expect(title).not.toContain('aaaaaaaaaa');
      expect(description).toBe('<script>1</script>');
    }
    expect(findings.length + unknowns.length).toBeGreaterThan(0);
  });

  it('that is cut off gives what is whole, and says where it is not', async () => {
    const text = '{"AuditResultName":"A","level":"error","msg":"m"}\n{"AuditResultName":"B","level":"err';
    const { findings, unknowns } = await parseReport(text, 'k.json');
    expect(findings.map(({ id }) => id)).toEqual(['A']);
    expect(unknowns).toMatchObject([{ code: 'report-line-invalid', message: expect.stringContaining('line 2') }]);
  });

  it('hides no object of a cluster: it says what was not judged', async () => {
    const after = `${trivy({})}\n---\napiVersion: v1\nkind: Pod\n`;
    expect((await parseReport(after, 'r.json')).unknowns[0]).toMatchObject({ code: 'report-line-invalid' });
    const pod = trivy({}).replace('{', '{"apiVersion":"v1","kind":"Pod",');
    expect((await parseReport(pod, 'r.json')).unknowns.map(({ code }) => code)).toEqual(['report-is-manifest']);
    const list =
      '{"kind":"List","apiVersion":"v1","items":[{"apiVersion":"aquasecurity.github.io/v1alpha1","kind":"VulnerabilityReport","report":{}},{"apiVersion":"v1","kind":"Pod","metadata":{"name":"hidden"}}]}';
    expect((await parseReport(list, 'r.json')).unknowns).toMatchObject([
      { code: 'report-part-unread', message: expect.stringContaining('Pod hidden') },
    ]);
  });

  it('has credentials taken out wherever they stand', async () => {
    const secrets = ['AKIAIOSFODNN7EXAMPLE', `ghp_${'a1'.repeat(18)}`, 'hunter2hunter2'];
    const { findings } = await parseReport(
      trivy({
        Title: `key ${secrets[0]}`,
        Description: `token: ${secrets[1]} https://u:${secrets[2]}@a.example/`,
        PrimaryURL: `https://u:${secrets[2]}@a.example/`,
      }),
      'r.json',
    );
    for (const secret of secrets) expect(JSON.stringify(findings)).not.toContain(secret);
    expect(findings[0]!.title).toBe('key [masked]');
  });

  it('is an unknown where an entry names nothing', async () => {
    const { findings, unknowns } = await parseReport(trivy({ VulnerabilityID: 7n.toString().repeat(0) }), 'r.json');
    expect(findings).toEqual([]);
    expect(unknowns).toMatchObject([
      { code: 'report-entry-unread', place: { source: 'r.json', pointer: ['Results', 0, 'Vulnerabilities', 0] } },
    ]);
  });

  it('of any JSON is detected and read without being thrown off', async () => {
    const parsers = await Promise.all(
      importers
        .filter(({ format }) => format === 'json')
        .map(async (importer) => ({ importer, parser: await importer.load() })),
    );
    const { FindingCollector } = await import('./reading/collect-findings.ts');
    const { Entry } = await import('./reading/entry.ts');
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        detectReport(JSON.stringify(value), 'x.json');
        for (const { importer, parser } of parsers) {
          const report = new FindingCollector('x', importer.tool);
          parser.parse([new Entry(value)], report);
          ReportRead.parse(report.reading(importer.name));
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [
      'a cell with a quote',
      'CVE ID,CVE Severity,Package Name,Package Version,Package Type,Risk Accepted\nCVE-1,"High ""x"", y",a,1,os,false\n',
      'High "x", y',
    ],
    [
      'a cell over two lines',
      'CVE ID,CVE Severity,Package Name,Package Version,Package Type,Risk Accepted\r\nCVE-1,"High\nest",a,1,os,false\r\n',
      'High\nest',
    ],
  ])('as a table has %s', async (_, text, severity) => {
    const { findings } = await parseReport(text, 'r.csv');
    expect(findings).toMatchObject([{ id: 'CVE-1', givenSeverity: severity, place: { line: 2 } }]);
  });
});
