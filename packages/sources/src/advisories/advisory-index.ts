import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type AdvisoryLookup, type AdvisoryStatus, type Exploitation, type Rating, UserError } from '@breakwater/model';
import { cveKey } from './cve-key.ts';
import { APPLICATION_ID, LAYOUT_VERSION } from './index-layout.ts';
import { type AdvisoryRecord, RowReader } from './row-reader.ts';

/** The advisory index, opened for reading. */
export interface AdvisoryIndex extends AdvisoryLookup {
  status(): AdvisoryStatus;
  rating(cve: string): Rating | undefined;
  /** One advisory by its id; undefined when it is not in the index. At most 1,000 of its rows. */
  advisory(id: string): AdvisoryRecord | undefined;
  close(): void;
}

/** What the index holds of a CVE: EPSS, its percentile, the date of CISA's catalogue, ransomware, vector, score, advisory. */
type CveCells = SQLOutputValue[];

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
    const reader = new RowReader(database, (read) => guard(path, read));
    const cve = database.prepare(
      'select epss, percentile, kev, ransomware, cvss, score, advisory from cve where key = ?',
    );
    // Objects with names for each cell cost more than the look-up itself.
    cve.setReturnArrays(true);

    // Matching asks for the exploitation and the rating of a CVE one after the other.
    let last: { id: string; cells: CveCells | undefined } | undefined;
    const cveCells = (id: string): CveCells | undefined => {
      if (last?.id === id) return last.cells;
      const key = cveKey(id);
      const cells = key === undefined ? undefined : (guard(path, () => cve.get(key)) as CveCells | undefined);
      last = { id, cells };
      return cells;
    };
    return {
      rows: (ecosystem, packageName) => reader.rowsOf(ecosystem, packageName),
      covers: (ecosystem) => reader.covers(ecosystem),
      exploitation: (id) => readExploitation(cveCells(id)),
      rating: (id) => readRating(cveCells(id)),
      advisory: (id) => reader.advisory(id),
      status: () => guard(path, () => readStatus(database)),
      close: () => database.close(),
    };
  });
}

const IMPORT_HINT = 'import advisories with `breakwater db import PATH...` or `breakwater db update`';

/** The file never changes under its name, it is only replaced: SQLite may do without locks, which makes it 6x faster. */
function openReadOnly(path: string): DatabaseSync {
  const address = pathToFileURL(path);
  address.searchParams.set('immutable', '1');
  const database = new DatabaseSync(address, { readOnly: true });
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

function readExploitation(cells: CveCells | undefined): Exploitation {
  if (cells === undefined) return { ransomware: false };
  const [epss, percentile, kev, ransomware] = cells;
  const exploitation: Exploitation = { ransomware: ransomware === 1 };
  if (typeof kev === 'string') exploitation.knownExploitedSince = kev;
  if (typeof epss === 'number') exploitation.epss = epss / 100_000;
  if (typeof percentile === 'number') exploitation.epssPercentile = percentile / 100_000;
  return exploitation;
}

function readRating(cells: CveCells | undefined): Rating | undefined {
  const [, , , , cvss, score, advisory] = cells ?? [];
  if (typeof score !== 'number') return undefined;
  return { score, advisory: String(advisory), ...(typeof cvss === 'string' && { cvss }) };
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

function optionalText(cell: SQLOutputValue | undefined): string | undefined {
  return typeof cell === 'string' && cell !== '' ? cell : undefined;
}
