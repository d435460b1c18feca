import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { exampleHeader } from './example-database.ts';
import { readDatabase } from './read-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'rpmdb-'));
afterAll(() => rmSync(folder, { recursive: true }));
let databases = 0;

/** A database as SQLite itself writes it; `during` sees it while it is open. */
function write(pageSize: number, during: (database: DatabaseSync, insert: (blob: Buffer) => void) => void) {
  const path = join(folder, `${databases++}.sqlite`);
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA page_size = ${pageSize}`);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)');
  database.exec("CREATE TABLE Name (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)");
  const statement = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
  during(database, (blob) => statement.run(blob));
  const open = { file: readFileSync(path), log: readFileSync(`${path}-wal`) };
  database.close();
  return { open, closed: readFileSync(path) };
}

const headerOf = (size: number): Buffer =>
  exampleHeader({ 1000: `p${size}`, 1001: '1', 1002: '2', 1014: 'x'.repeat(size) });

describe('readDatabase of SQLite', () => {
  it.each([512, 1024, 4096, 65536])('reads rows of every length from pages of %i bytes', (pageSize) => {
    const blobs = [0, 100, 400, 480, 500, 1000, 4000, 4100, 70_000, 300_000].map(headerOf);
    const { closed } = write(pageSize, (_, insert) => blobs.forEach(insert));
    const { headers, damage } = readDatabase(closed, undefined);
    expect(damage).toBeUndefined();
    expect(headers).toEqual(blobs);
  });

  it('reads a table of many pages in the order of its rows', () => {
    const blobs = Array.from({ length: 3000 }, (_, at) => headerOf(at % 700));
    const { closed } = write(512, (database, insert) => {
      database.exec('BEGIN');
      blobs.forEach(insert);
      database.exec('COMMIT');
    });
    expect(readDatabase(closed, undefined).headers).toEqual(blobs);
  });

  it('reads what is committed in the write-ahead log, and nothing that is not', () => {
    const { open } = write(4096, (database, insert) => {
      insert(headerOf(1));
      insert(headerOf(9000));
      database.exec('PRAGMA cache_size = 1; BEGIN');
      for (let size = 0; size < 300; size++) insert(headerOf(5000));
    });
    const { headers, damage } = readDatabase(open.file, open.log);
    expect(damage).toBeUndefined();
    expect(headers).toEqual([headerOf(1), headerOf(9000)]);
  });

  it('takes a log for ended where its checksums are wrong, as SQLite does', () => {
    let before = 0;
    const { open } = write(4096, (_, insert) => {
      insert(headerOf(1));
      before = readFileSync(join(folder, `${databases - 1}.sqlite-wal`)).length;
      insert(headerOf(2));
    });
    open.log[before + 100] = open.log[before + 100]! ^ 1;
    expect(readDatabase(open.file, open.log).headers).toEqual([headerOf(1)]);
  });

  it('takes rows of other tables for none, and a file without the table for damaged', () => {
    const database = new DatabaseSync(join(folder, 'other.sqlite'));
    database.exec('CREATE TABLE Other (a, b BLOB)');
    database.prepare('INSERT INTO Other VALUES (1, ?)').run(headerOf(10));
    database.close();
    const read = readDatabase(readFileSync(join(folder, 'other.sqlite')), undefined);
    expect(read.headers).toEqual([]);
    expect(read.damage).toBe('it has no table of packages');
  });

  it('says of a database that was cut off that a part is missing', () => {
    const { closed } = write(512, (_, insert) => Array.from({ length: 40 }, () => insert(headerOf(2000))));
    const { headers, damage } = readDatabase(closed.subarray(0, closed.length / 2), undefined);
    expect(headers.length).toBeLessThan(40);
    expect(damage).toBeDefined();
  });

  it('ends, and holds no more than the file, where pages lead to each other', () => {
    const { closed } = write(512, (_, insert) => Array.from({ length: 60 }, () => insert(headerOf(1500))));
    const words = fc.array(fc.tuple(fc.nat(closed.length / 4 - 1), fc.nat(closed.length / 512)), { maxLength: 200 });
    fc.assert(
      fc.property(words, (changes) => {
        const bytes = Buffer.from(closed);
        for (const [at, page] of changes) if (at > 40) bytes.writeUInt32BE(page, at * 4);
        const { headers } = readDatabase(bytes, undefined);
        expect(headers.reduce((sum, header) => sum + header.length, 0)).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 200 },
    );
  });
});
