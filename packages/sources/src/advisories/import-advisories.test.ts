import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdvisoryIndex, openAdvisoryIndex } from './advisory-index.ts';
import { importAdvisories } from './import-advisories.ts';

let folder: string;
let index: string;
const openedIndexes: AdvisoryIndex[] = [];

// A row reads its details from the index when it is asked for them.
afterEach(() => {
  for (const opened of openedIndexes.splice(0)) opened.close();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-advisories-'));
  index = join(folder, 'state', 'advisories.db');
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function osv(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const affected = [
    {
      package: { ecosystem: 'npm', name: 'left-pad' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.3.0' }] }],
    },
  ];
  return { schema_version: '1.6.0', id, modified: '2024-05-01T00:00:00Z', affected, ...more };
}

const lines = (...records: unknown[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');

async function rowsAfterImport(...from: string[]) {
  await importAdvisories({ from, index });
  const opened = openAdvisoryIndex(index);
  openedIndexes.push(opened);
  return opened.rows('npm', 'left-pad');
}

const ONE = osv('GHSA-1', { aliases: ['CVE-2024-1000'] });

describe('what is read', () => {
  it.each([
    ['one record', 'a.json', JSON.stringify(ONE, null, 2)],
    ['one record under another name', 'a.data', JSON.stringify(ONE, null, 2)],
    ['a list of records', 'a.json', JSON.stringify([ONE])],
    ['JSON Lines', 'a.jsonl', lines(ONE)],
    ['JSON Lines with a byte order mark and CRLF', 'a.jsonl', `\uFEFF${JSON.stringify(ONE)}\r\n`],
    ['JSON Lines, zipped by gzip', 'a.jsonl.gz', gzipSync(lines(ONE))],
    ['a zip with a record an entry', 'all.zip', zipSync({ 'GHSA-1.json': strToU8(JSON.stringify(ONE)) })],
    [
      'a zip whose entries are stored',
      'all.zip',
      zipSync({ 'x/GHSA-1.json': strToU8(JSON.stringify(ONE)) }, { level: 0 }),
    ],
  ])('is known by its content: %s', async (_, name, content) => {
    const rows = await rowsAfterImport(write(name, content));
    expect(rows).toMatchObject([
      {
        id: 'GHSA-1',
        cves: ['CVE-2024-1000'],
        ranges: ONE['affected'] && (ONE['affected'] as { ranges: unknown }[])[0]!.ranges,
      },
    ]);
  });

  it('is all data of a folder and of those below it', async () => {
    mkdirSync(join(folder, 'feeds', 'npm'), { recursive: true });
    write('feeds/README.md', '# no data');
    write('feeds/npm/a.json', JSON.stringify(ONE));
    write('feeds/b.jsonl', lines(osv('GHSA-2')));
    expect((await rowsAfterImport(join(folder, 'feeds'))).map(({ id }) => id).sort()).toEqual(['GHSA-1', 'GHSA-2']);
  });

  it('names CVEs of aliases and upstream, and of related only where those name none', async () => {
    const rows = await rowsAfterImport(
      write(
        'a.jsonl',
        lines(
          osv('A', { aliases: ['CVE-2024-1000'], related: ['CVE-2024-2000'] }),
          osv('B', { related: ['CVE-2024-2001', 'CVE-2024-2002', 'OTHER-1'] }),
          osv('C', { upstream: ['CVE-2024-3000'] }),
          osv('CVE-2024-4000'),
        ),
      ),
    );
    expect(rows.map(({ cves }) => cves)).toEqual([
      ['CVE-2024-1000'],
      ['CVE-2024-2001', 'CVE-2024-2002'],
      ['CVE-2024-3000'],
      ['CVE-2024-4000'],
    ]);
  });

  it('is the newer of two records with one id, whatever their order', async () => {
    const old = osv('GHSA-1', { modified: '2023-01-01T00:00:00Z', summary: 'old' });
    const young = osv('GHSA-1', { summary: 'young' });
    for (const content of [lines(old, young), lines(young, old), lines(young, young)]) {
      expect((await rowsAfterImport(write('a.jsonl', content))).map(({ summary }) => summary)).toEqual(['young']);
    }
  });

  it('keeps withdrawn records and notices, marked as such', async () => {
    const rows = await rowsAfterImport(
      write(
        'a.jsonl',
        lines(
          osv('A', { withdrawn: '2024-06-01T00:00:00Z' }),
          osv('B', { database_specific: { informational: 'unmaintained' } }),
          osv('ALBA-2024:1', {}),
          osv('DSA-1-2', { database_specific: { regression_update: true } }),
        ),
      ),
    );
    expect(rows.map(({ id, withdrawn, informational }) => [id, withdrawn, informational])).toEqual([
      ['A', true, undefined],
      ['B', false, 'unmaintained'],
      ['ALBA-2024:1', false, 'bug-fix'],
      ['DSA-1-2', false, 'regression'],
    ]);
  });

  it.each([
    [{ severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] }, 'critical', 9.8],
    [{ severity: [{ type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' }] }, 'high', 7.5],
    [
      {
        severity: [
          { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
          { type: 'CVSS_V4', score: 'CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N' },
        ],
      },
      'medium',
      4.8,
    ],
    [
      { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N' }], database_specific: { severity: 'MODERATE' } },
      'medium',
      undefined,
    ],
    [{ database_specific: { cvss_score: 7.1 } }, 'high', 7.1],
    [{ summary: 'Important: openssl security update' }, 'high', undefined],
    [{ severity: [{ type: 'Ubuntu', score: 'negligible' }] }, 'low', undefined],
    [{ database_specific: { severity: 'constructor' } }, 'unknown', undefined],
  ])('rates %j as %s', async (more, severity, score) => {
    const [row] = await rowsAfterImport(write('a.jsonl', lines(osv('A', more))));
    expect([row?.severity, row?.score]).toEqual([severity, score]);
  });
});

describe('KEV and EPSS', () => {
  const kev = {
    catalogVersion: '2025.08.25',
    dateReleased: '2025-08-25T17:04:19Z',
    vulnerabilities: [
      { cveID: 'CVE-2024-1000', dateAdded: '2024-05-01', knownRansomwareCampaignUse: 'Known' },
      { cveID: 'CVE-2024-1001', dateAdded: 'soon' },
    ],
  };
  const epss =
    '#model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000\ncve,epss,percentile\nCVE-2024-1000,0.97565,0.99998\nCVE-2024-1002,x,0.1\n';

  it.each([
    ['kev.json', JSON.stringify(kev, null, 2), 'epss.csv', epss],
    ['known.json', JSON.stringify(kev), 'scores.csv.gz', gzipSync(epss)],
  ])('are read from %s and %s', async (kevName, kevContent, epssName, epssContent) => {
    const { status, unknowns } = await importAdvisories({
      from: [write(kevName, kevContent), write(epssName, epssContent)],
      index,
    });
    expect(status).toMatchObject({
      kevDate: '2025-08-25T17:04:19Z',
      epssDate: '2026-08-16T00:00:00+0000',
      rejected: 2,
    });
    expect(unknowns.map(({ place }) => place.line).at(-1)).toBe(4);
    const opened = openAdvisoryIndex(index);
    expect(opened.exploitation('CVE-2024-1000')).toEqual({
      knownExploitedSince: '2024-05-01',
      ransomware: true,
      epss: 0.97565,
      epssPercentile: 0.99998,
    });
    expect(opened.exploitation('CVE-1999-0001')).toEqual({ ransomware: false });
    expect(opened.exploitation('GHSA-1')).toEqual({ ransomware: false });
    opened.close();
  });

  it('dates EPSS by the note beside it', async () => {
    const note = JSON.stringify({ date: '2026-08-16T11:16:02Z', columns: ['cve', 'epss', 'percentile'] });
    const from = [write('epss.csv', 'cve,epss,percentile\nCVE-2024-1000,0.1,0.2\n'), write('epss.meta.json', note)];
    expect((await importAdvisories({ from, index })).status.epssDate).toBe('2026-08-16T11:16:02Z');
  });
});

describe('broken input', () => {
  it('is reported with file and line while the rest goes on', async () => {
    const content = `${lines(ONE)}{"id": \n${lines({ id: 7, affected: [] })}${lines(osv('GHSA-2', { affected: 'all' }))}${lines({ odd: 1 })}${lines(osv('GHSA-3'))}`;
    const path = write('a.jsonl', content);
    const report = await importAdvisories({ from: [path], index });
    expect(report.status).toMatchObject({ advisories: 2, rejected: 4 });
    expect(report.unknowns.map(({ code, place }) => [code, place])).toEqual(
      [2, 3, 4, 5].map((line) => ['advisory-rejected', { source: path, line }]),
    );
  });

  it('names at most 100 records and counts all', async () => {
    const path = write('a.jsonl', lines(ONE) + '{"id":\n'.repeat(500));
    const report = await importAdvisories({ from: [path], index });
    expect([report.unknowns.length, report.status.rejected]).toEqual([100, 500]);
  });

  it('keeps names that JavaScript takes for its own apart from them', async () => {
    const text = JSON.stringify(osv('GHSA-1')).replace('"affected"', '"__proto__":{"withdrawn":"x"},"affected"');
    const rows = await rowsAfterImport(write('a.jsonl', `${text}\n`));
    expect(rows[0]?.withdrawn).toBe(false);
    expect(({} as { withdrawn?: string }).withdrawn).toBeUndefined();
  });

  it('of another shape is left out with a note', async () => {
    const other = write('other.jsonl', lines({ id: 'CVE-2024-1', names: [] }, { id: 'CVE-2024-2', names: [] }));
    const report = await importAdvisories({ from: [write('a.jsonl', lines(ONE)), other], index });
    expect(report.notes).toEqual([`${other} was left out: 2 of its records have a shape that is not read`]);
    expect(report.status.rejected).toBe(0);
  });

  it('in a zip is reported by entry: bombs, cut and encrypted entries', async () => {
    const bomb = zipSync({ 'bomb.json': new Uint8Array(64 * 1024 * 1024), 'good.json': strToU8(JSON.stringify(ONE)) });
    const report = await importAdvisories({ from: [write('bomb.zip', bomb)], index });
    expect(report.status.advisories).toBe(1);
    expect(report.unknowns.map(({ message, place }) => [place.path, message])).toEqual([
      ['bomb.json', expect.stringContaining('it unpacks to more than 32 MiB')],
    ]);
  });

  it('ends a zip or a gzip that is cut off with an unknown', async () => {
    const good = write('good.jsonl', lines(ONE));
    const zip = zipSync({ 'a.json': strToU8(JSON.stringify(osv('GHSA-2'))) });
    const cut = [
      write('cut.zip', zip.slice(0, -30)),
      write('cut.jsonl.gz', gzipSync(lines(ONE).repeat(50)).subarray(0, 60)),
    ];
    const report = await importAdvisories({ from: [good, ...cut], index });
    expect(report.unknowns.map(({ place }) => place.source)).toEqual(cut);
  });
});

describe('the index', () => {
  it('is replaced as a whole, under the eyes of who reads the old one', async () => {
    await rowsAfterImport(write('a.jsonl', lines(ONE)));
    const old = openAdvisoryIndex(index);
    expect((await rowsAfterImport(write('b.jsonl', lines(osv('GHSA-2'))))).map(({ id }) => id)).toEqual(['GHSA-2']);
    expect(old.rows('npm', 'left-pad').map(({ id }) => id)).toEqual(['GHSA-1']);
    old.close();
    expect(readdirSync(join(folder, 'state'))).toEqual(['advisories.db']);
  });

  it('stays when an import finds nothing, is stopped, or is given a path that is not there', async () => {
    const good = write('a.jsonl', lines(ONE));
    await importAdvisories({ from: [good], index });
    const before = readFileSync(index);
    const nothing = importAdvisories({ from: [write('c.json', '{}')], index });
    await expect(nothing).rejects.toMatchObject({ name: 'UserError', code: 'advisories-empty' });
    const missing = importAdvisories({ from: [join(folder, 'no')], index });
    await expect(missing).rejects.toMatchObject({ name: 'UserError', code: 'advisories-path-missing' });
    await expect(importAdvisories({ from: [good], index, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(readFileSync(index).equals(before)).toBe(true);
    expect(readdirSync(join(folder, 'state'))).toEqual(['advisories.db']);
  });

  it('says what it holds', async () => {
    const debian = osv('DSA-1-1', {
      affected: [{ package: { ecosystem: 'Debian:12', name: 'openssl', purl: 'pkg:deb/debian/openssl?arch=source' } }],
      modified: '2999-01-01T00:00:00Z',
    });
    await importAdvisories({ from: [write('a.jsonl', lines(ONE, debian))], index });
    const opened = openAdvisoryIndex(index);
    expect(opened.status()).toMatchObject({
      imported: true,
      advisories: 2,
      rows: 2,
      // A date in the future does not make the data fresh.
      newest: '2024-05-01T00:00:00Z',
      ecosystems: [
        { name: 'Debian:12', rows: 1 },
        { name: 'npm', rows: 1, newest: '2024-05-01T00:00:00Z' },
      ],
    });
    expect([opened.covers('Debian:12'), opened.covers('Debian:13'), opened.covers('npm')]).toEqual([true, false, true]);
    expect(opened.rows('Debian:12', 'openssl')).toMatchObject([{ names: 'source' }]);
    expect(opened.advisory('GHSA-1')).toMatchObject({ id: 'GHSA-1', rows: [{ package: 'left-pad' }] });
    expect(opened.advisory('GHSA-2')).toBeUndefined();
    opened.close();
  });

  it('brings spellings of one package together', async () => {
    const record = osv('PYSEC-1', {
      affected: [{ package: { ecosystem: 'PyPI', name: 'Zope.Interface' }, versions: ['1.0'] }],
    });
    await importAdvisories({ from: [write('a.jsonl', lines(record))], index });
    const opened = openAdvisoryIndex(index);
    expect(opened.rows('PyPI', 'zope-interface')).toHaveLength(1);
    opened.close();
  });

  it('rates a CVE by the worst score that any source gives it alone', async () => {
    const vector = (more: string) => [{ type: 'CVSS_V3', score: `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/${more}` }];
    const records = [
      osv('A', { aliases: ['CVE-2024-1000'], severity: vector('C:L/I:N/A:N') }),
      osv('B', { aliases: ['CVE-2024-1000'], severity: vector('C:H/I:H/A:H') }),
      osv('C', { aliases: ['CVE-2024-1001', 'CVE-2024-1002'], severity: vector('C:H/I:H/A:H') }),
    ];
    await importAdvisories({ from: [write('a.jsonl', lines(...records))], index });
    const opened = openAdvisoryIndex(index);
    expect(opened.rating('CVE-2024-1000')).toMatchObject({ score: 9.8, advisory: 'B' });
    expect(opened.rating('CVE-2024-1001')).toBeUndefined();
    opened.close();
  });

  it('is refused with a hint when it is missing, damaged, cut off, or of another version', async () => {
    const open = (path: string) => () => openAdvisoryIndex(path);
    const refused = (code: string) =>
      expect.objectContaining({ name: 'UserError', code, hint: expect.stringContaining('db import') });
    expect(open(join(folder, 'none.db'))).toThrow(refused('advisories-missing'));
    expect(open(write('text.db', 'no database, but long enough to be taken for one by its size alone'))).toThrow(
      refused('advisories-damaged'),
    );
    await importAdvisories({ from: [write('a.jsonl', lines(ONE))], index });
    const outdated = write('outdated.db', readFileSync(index));
    const database = new DatabaseSync(outdated);
    database.exec('pragma user_version = 999');
    database.close();
    expect(open(outdated)).toThrow(refused('advisories-outdated'));
    truncateSync(index, 4096);
    expect(open(index)).toThrow(refused('advisories-damaged'));
    expect(existsSync(index)).toBe(true);
  });
});
