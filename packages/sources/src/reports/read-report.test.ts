import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readReport } from './read-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-reports-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a report file', () => {
  it('is read in a process of its own', async () => {
    const path = join(folder, 'leaks.json');
    writeFileSync(
      path,
      '[{"RuleID":"aws-key","File":"a.tf","StartLine":3,"Secret":"AKIAIOSFODNN7EXAMPLE","Match":"x"}]',
    );
    const { findings, ...read } = await readReport(path, { source: 'leaks.json' });
    expect(read).toEqual({ source: 'leaks.json', importer: 'gitleaks', tool: 'Gitleaks', unknowns: [] });
    expect(findings).toMatchObject([{ kind: 'secret', id: 'aws-key', file: 'a.tf', line: 3 }]);
    expect(JSON.stringify(findings)).not.toContain('AKIA');
  });

  it.each([
    ['is missing', 'gone.json', undefined, 'report-unreadable'],
    ['is of no tool that is known', 'other.json', '{"a":1}', 'report-format-unsupported'],
    ['breaks off', 'cut.xml', '<OWASPZAPReport version="2"><site>', 'report-invalid'],
  ])('that %s is an unknown', async (_, name, content, code) => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    const { findings, unknowns } = await readReport(path);
    expect(findings).toEqual([]);
    expect(unknowns.map((unknown) => unknown.code)).toEqual([code]);
  });
});
