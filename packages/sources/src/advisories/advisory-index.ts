import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import {
  type AdvisoryLookup,
  type AdvisoryRow,
  type AdvisoryStatus,
  type Exploitation,
  type Rating,
  type Severity,
  UserError,
} from '@breakwater/model';
import { cveKey } from './cve-key.ts';
import { APPLICATION_ID, LAYOUT_VERSION } from './index-layout.ts';
import { ecosystemFamily, packageKey } from './package-key.ts';
import { decodeRanges } from './range-text.ts';

/** An advisory as the index keeps it, for `explain`: a row for each package it names. */
export interface AdvisoryRecord {
  id: string;
  published?: string;
  /** Page to read. */
  url?: string;
  rows: AdvisoryRow[];
}

/** The advisory index, opened for reading. */
export interface AdvisoryIndex extends AdvisoryLookup {
  status(): AdvisoryStatus;
  rating(cve: string): Rating | undefined;
  /** One advisory by its id; undefined when it is not in the index. At most 1,000 of its rows. */
  advisory(id: string): AdvisoryRecord | undefined;
  close(): void;
}

type Cells = Record<string, SQLOutputValue>;

const ROW = `advisory.name as id, ecosystem.name as ecosystem, package.name as package, cves, aliases, ranges, versions,
  partial, names, withdrawn, informational, summary, severity, cvss, score, source.name as source, confidence, modified`;
const JOINS = `join advisory on advisory.id = affected.advisory join source on source.id = advisory.source
  join ecosystem on ecosystem.id = package.ecosystem`;

/**
 * Opens the index that `importAdvisories` wrote. It is queried, never loaded: opening reads a page or two. Throws a
 * `UserError` when there is none (`advisories-missing`), when it is damaged (`advisories-damaged`) or when another
 * version of this program wrote it (`advisories-outdated`).
 */
export function openAdvisoryIndex(path: string): AdvisoryIndex {
  if (!existsSync(path)) {
    throw new UserError(`there is no advisory index at ${path}`, { code: 'advisories-missing', hint: IMPORT_HINT });
  }
  return guard(path, () => {
    const database = openReadOnly(path);
    const rowsOf = database.prepare(`select ${ROW} from package join affected on affected.package = package.id ${JOINS}
      where package.ecosystem in (select id from ecosystem where name in (?, ?)) and package.name = ?`);
    const covering = database.prepare('select 1 from ecosystem where name in (?, ?) limit 1');
    const cve =
      database.prepare(`select epss, percentile, kev, ransomware, cve.cvss, cve.score, advisory.name as advisory
      from cve left join advisory on advisory.id = cve.advisory where key = ?`);
    const byId = database.prepare(`select ${ROW}, published, url from affected
      join package on package.id = affected.package ${JOINS} where advisory.name = ? limit 1000`);

    const cveCells = (id: string): Cells | undefined => {
      const key = cveKey(id);
      return key === undefined ? undefined : guard(path, () => cve.get(key));
    };
    return {
      rows(ecosystem, packageName) {
        const family = ecosystemFamily(ecosystem);
        return guard(path, () => rowsOf.all(ecosystem, family, packageKey(family, packageName)).map(readRow));
      },
      covers: (ecosystem) => guard(path, () => covering.get(ecosystem, ecosystemFamily(ecosystem)) !== undefined),
      exploitation: (id) => readExploitation(cveCells(id)),
      rating: (id) => readRating(cveCells(id)),
      advisory(id) {
        const cells = guard(path, () => byId.all(id));
        const [first] = cells;
        if (first === undefined) return undefined;
        const published = optionalText(first['published']);
        const url = optionalText(first['url']);
        return { id, ...(published && { published }), ...(url && { url }), rows: cells.map(readRow) };
      },
      status: () => guard(path, () => readStatus(database)),
      close: () => database.close(),
    };
  });
}

const IMPORT_HINT = 'import advisories with `breakwater db import PATH...` or `breakwater db update`';

function openReadOnly(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const pragma = (name: string): number => Number(database.prepare(`pragma ${name}`).get()?.[name]);
    const ours = pragma('application_id') === APPLICATION_ID;
    if (ours && pragma('user_version') !== LAYOUT_VERSION) {
      throw new UserError(`the advisory index at ${path} was written by another version of this program`, {
        code: 'advisories-outdated',
        hint: IMPORT_HINT,
      });
    }
    if (!ours || pragma('page_count') * pragma('page_size') !== statSync(path).size) throw damaged(path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite finds damage where it reads: any of its errors means that the file cannot be trusted. */
function guard<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_SQLITE_ERROR') throw damaged(path, error);
    throw error;
  }
}

function damaged(path: string, cause?: unknown): UserError {
  return new UserError(`${path} is no advisory index, or it is damaged`, {
    code: 'advisories-damaged',
    hint: IMPORT_HINT,
    cause,
  });
}

function readRow(cells: Cells): AdvisoryRow {
  const { informational, cvss, score, modified, names } = cells;
  return {
    id: String(cells['id']),
    ecosystem: String(cells['ecosystem']),
    package: String(cells['package']),
    cves: split(cells['cves'], '\n'),
    aliases: split(cells['aliases'], '\n'),
    ranges: decodeRanges(String(cells['ranges'])),
    versions: split(cells['versions'], '\t'),
    withdrawn: cells['withdrawn'] === 1,
    summary: String(cells['summary']),
    severity: cells['severity'] as Severity,
    source: String(cells['source']),
    confidence: cells['confidence'] === 'low' ? 'low' : 'high',
    ...(typeof informational === 'string' && { informational }),
    ...((names === 'source' || names === 'binary') && { names }),
    ...(cells['partial'] === 1 && { partial: true }),
    ...(typeof cvss === 'string' && { cvss }),
    ...(typeof score === 'number' && { score }),
    ...(typeof modified === 'string' && { modified }),
  };
}

function readExploitation(cells: Cells | undefined): Exploitation {
  if (cells === undefined) return { ransomware: false };
  return {
    ransomware: cells['ransomware'] === 1,
    ...(typeof cells['kev'] === 'string' && { knownExploitedSince: cells['kev'] }),
    ...(typeof cells['epss'] === 'number' && { epss: cells['epss'] / 100_000 }),
    ...(typeof cells['percentile'] === 'number' && { epssPercentile: cells['percentile'] / 100_000 }),
  };
}

function readRating(cells: Cells | undefined): Rating | undefined {
  if (typeof cells?.['score'] !== 'number') return undefined;
  const cvss = optionalText(cells['cvss']);
  return { score: cells['score'], advisory: String(cells['advisory']), ...(cvss && { cvss }) };
}

function readStatus(database: DatabaseSync): AdvisoryStatus {
  const meta = new Map(
    database
      .prepare('select key, value from meta')
      .all()
      .map(({ key, value }) => [key, value]),
  );
  const text = (key: string): string | undefined => optionalText(meta.get(key) ?? null);
  const ecosystems = database.prepare('select name, rows, newest from ecosystem order by name').all();
  const dates = {
    importedAt: text('importedAt'),
    newest: text('newest'),
    epssDate: text('epssDate'),
    kevDate: text('kevDate'),
  };
  return {
    imported: true,
    ...Object.fromEntries(Object.entries(dates).filter(([, value]) => value !== undefined)),
    advisories: Number(meta.get('advisories') ?? 0),
    rows: Number(meta.get('rows') ?? 0),
    rejected: Number(meta.get('rejected') ?? 0),
    ecosystems: ecosystems.map(({ name, rows, newest }) => ({
      name: String(name),
      rows: Number(rows),
      ...(typeof newest === 'string' && { newest }),
    })),
  };
}

function split(cell: SQLOutputValue | undefined, separator: string): string[] {
  return typeof cell === 'string' && cell !== '' ? cell.split(separator) : [];
}

function optionalText(cell: SQLOutputValue | undefined): string | undefined {
  return typeof cell === 'string' && cell !== '' ? cell : undefined;
}
