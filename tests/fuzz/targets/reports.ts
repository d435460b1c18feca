import { ReportRead } from '@breakwater/model';
import { detectReport, importers, type ReportParser } from '../../../packages/sources/src/reports/index.ts';
import { FindingCollector } from '../../../packages/sources/src/reports/reading/collect-findings.ts';
import { readCsv } from '../../../packages/sources/src/reports/reading/read-csv.ts';
import { readJsonValues } from '../../../packages/sources/src/reports/reading/read-json-values.ts';
import { readXmlFields } from '../../../packages/sources/src/reports/reading/xml-fields.ts';
import type { FuzzTarget, Seed } from '../target.ts';

const parsers = new Map<string, ReportParser>(
  await Promise.all(importers.map(async ({ name, load }) => [name, await load()] as const)),
);
const textOf = ({ bytes }: Seed): string => Buffer.from(bytes).toString('utf8');
const texts = (...list: string[]): Seed[] => list.map((text) => ({ label: 'report', bytes: Buffer.from(text) }));

/** A report is told by its beginning, and read by its importer. */
function read(input: Seed): void {
  const text = textOf(input);
  const importer = detectReport(input.bytes, 'fuzz');
  if (importer === undefined) return;
  const report = new FindingCollector('fuzz', importer.tool);
  const root = importer.format === 'xml' ? readXmlFields(text) : undefined;
  const documents = {
    json: () => readJsonValues(text).values,
    csv: () => readCsv(text).rows,
    xml: () => (root ? [root] : []),
  };
  const entries = documents[importer.format]();
  if (entries.length > 0) parsers.get(importer.name)!.parse(entries, report);
  ReportRead.parse(report.reading(importer.name));
}

/** Reports of other tools, by format. */
export const reportTargets: FuzzTarget[] = [
  {
    name: 'report-json',
    seeds: () =>
      texts(
        '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","rules":[{"id":"R","properties":{"security-severity":"7.5","tags":["CWE-79"]}}]}},"results":[{"ruleId":"R","ruleIndex":0,"message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"file:///a%20b.c"},"region":{"startLine":3}}}],"suppressions":[{"kind":"external"}]}]}]}',
        '{"SchemaVersion":2,"ArtifactName":"a:1","ArtifactType":"container_image","Results":[{"Target":"t","Class":"os-pkgs","Type":"debian","Vulnerabilities":[{"VulnerabilityID":"CVE-2024-0001","PkgName":"p","InstalledVersion":"1","FixedVersion":"2, 3","Severity":"HIGH","CVSS":{"nvd":{"V3Vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","V3Score":9.8}}}],"Secrets":[{"RuleID":"r","Severity":"LOW","StartLine":2}]}]}',
        '{"matches":[{"vulnerability":{"id":"GHSA-2222-3333-4444","severity":"High","fix":{"versions":["1.2"]},"cvss":[{"version":"3.1","vector":"AV:N","metrics":{"baseScore":7}}]},"artifact":{"name":"a","version":"1","locations":[{"path":"/a"}]}}],"source":{"type":"image","target":{"userInput":"a:1"}}}',
        '{"AuditResultName":"A","level":"error","msg":"m","ResourceKind":"Pod","ResourceName":"p"}\n{"AuditResultName":"B","level":"warning","msg":"n"}\n',
        '[{"RuleID":"r","File":"a","StartLine":1,"Secret":"s","Date":"2024-01-01T00:00:00Z"}]',
      ),
    parse: read,
    labelOf: (path) => (/\.(?:jsonl?|sarif)$/.test(path) ? 'corpus' : undefined),
  },
  {
    name: 'report-xml',
    seeds: () =>
      texts(
        '<?xml version="1.0"?><OWASPZAPReport version="2.9.0" generated="Tue, 12 May 2020 20:59:12"><site name="https://a.example"><alerts><alertitem><pluginid>1</pluginid><name>n</name><riskcode>2</riskcode><desc>&lt;p&gt;d&lt;/p&gt;</desc><instances><instance><uri>https://a.example/?a=b</uri></instance></instances><cweid>79</cweid></alertitem></alerts></site></OWASPZAPReport>',
        '<analysis><dependencies><dependency><fileName>a.jar</fileName><identifiers><package><id>pkg:maven/g/a@1</id></package></identifiers><vulnerabilities><vulnerability><name>CVE-2024-0001</name><severity>HIGH</severity><cwes><cwe>CWE-1</cwe></cwes></vulnerability></vulnerabilities></dependency></dependencies></analysis>',
        '<Benchmark><Group id="g"><Rule id="r" severity="high"><title>t</title></Rule></Group><TestResult><rule-result idref="r"><result>fail</result></rule-result></TestResult></Benchmark>',
      ),
    parse: read,
    labelOf: (path) => (/\.xml$/.test(path) ? 'corpus' : undefined),
  },
  {
    name: 'report-csv',
    seeds: () =>
      texts(
        'CVE ID,CVE Severity,CVSS Score,Package Name,Package Version,Package Type,Risk Accepted\nCVE-2024-0001,High,7.5,"a ""b"", c",1,os,false\nCVE-2024-0002,Low,,x,2,"two\nlines",true\n',
      ),
    parse: read,
    labelOf: (path) => (/\.csv$/.test(path) ? 'corpus' : undefined),
  },
];
