import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importAdvisories } from './import-advisories.ts';
import type { ImportReport } from './import-report.ts';

const VULNDB = join(import.meta.dirname, '../../../../../shared/vulndb');
const MISSING = !existsSync(VULNDB);

describe.skipIf(MISSING)('a whole database (skipped where ../shared/vulndb is absent)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-whole-'));
  let report: ImportReport;

  beforeAll(async () => {
    report = await importAdvisories({ from: [VULNDB], index: join(folder, 'a.db') });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is taken record by record', () => {
    const files = readdirSync(VULNDB).filter((name) => name.endsWith('.jsonl'));
    const lines = Object.fromEntries(
      files.map((name) => [name, readFileSync(join(VULNDB, name), 'utf8').trim().split('\n').length]),
    );
    const taken = report.sources.filter(({ source }) => source.endsWith('.jsonl'));
    expect(
      Object.fromEntries(taken.map(({ source, advisories }) => [source.slice(VULNDB.length + 1), advisories])),
    ).toEqual(lines);
    expect(report.status.rejected).toBe(0);
    expect(report.unknowns).toEqual([]);
  });

  it('accounts for each package that a record names', () => {
    for (const { source, rows } of report.sources) {
      const { named, added, repeated, older, nameless, unreadRanges } = rows;
      expect([source, added + repeated + older + nameless, unreadRanges]).toEqual([source, named, 0]);
      if (source.includes('osv-')) expect([source, nameless]).toEqual([source, 0]);
    }
    const added = report.sources.reduce((sum, { rows }) => sum + rows.added, 0);
    expect(report.status.rows).toBe(added);
    expect(report.status.ecosystems.reduce((sum, { rows }) => sum + rows, 0)).toBe(added);
  });

  it('says of what it is that it is not read', () => {
    expect(report.notes.map((note) => note.replace(`${VULNDB}/`, ''))).toEqual(
      ['bookworm', 'bullseye', 'trixie'].map(
        (suite) => `debian-packages-${suite}.json was left out: 1 of its records have a shape that is not read`,
      ),
    );
  });
});
