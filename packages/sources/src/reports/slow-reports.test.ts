import { ReportRead } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { parseReport } from './parse-report.ts';

/** Milliseconds: a reader whose time grows with the square takes minutes for these, an able one less than one of them. */
const ALLOWED = 8_000;
const result = '{"ruleId":"a","locations":[{"physicalLocation":{"artifactLocation":{"index":7}}}]}';

describe('a report takes time that grows with its size alone', () => {
  it.each<[string, string]>([
    ['of as many runs as fit', `{"version":"2.1.0","runs":[{"tool":{}}${',{}'.repeat(300_000)}]}`],
    [
      'of as many results as artifacts',
      `{"version":"2.1.0","runs":[{"tool":{},"artifacts":[${'{},'.repeat(20_000)}{}],"results":[${`${result},`.repeat(20_000)}{}]}]}`,
    ],
    [
      'of one flaw again and again',
      `{"config":{"scanner_name":"govulncheck"}}${'{"finding":{"osv":"GO-1","trace":[{"module":"m"}]}}'.repeat(50_000)}`,
    ],
    ['of as many rules as fit', `<Benchmark>${'<Rule id="a"/><Group/>'.repeat(150_000)}</Benchmark>`],
    ['of nothing but brackets', `{"matches":[{"vulnerability":${'['.repeat(200_000)}`],
    [
      'of texts that look like credentials',
      `{"SchemaVersion":2,"ArtifactName":"a","Results":[{"Vulnerabilities":[{"VulnerabilityID":"x","Description":"${'eyJ-'.repeat(1_000)}${'a-'.repeat(20_000)}"}]}]}`,
    ],
  ])('%s', async (_, text) => {
    const before = performance.now();
    ReportRead.parse(await parseReport(text, 'r'));
    expect(performance.now() - before).toBeLessThan(ALLOWED);
  });
});
