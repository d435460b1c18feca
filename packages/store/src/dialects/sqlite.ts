import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Dialect, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';

/** Node's own SQLite in the shape that Kysely's dialect expects. The file is readable by its owner only. */
export function sqliteDialect(path: string): Dialect {
  return new SqliteDialect({ database: async () => openDatabase(path) });
}

function openDatabase(path: string): SqliteDatabase {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives its log files the mode of the database.
    closeSync(openSync(path, 'a', 0o600));
  }
  const database = new DatabaseSync(path);
  prepareFile(database);
  const prepare = keepStatements(database);
  return {
    close: () => database.close(),
    prepare: (sql) => adaptStatement(prepare(sql)),
  };
}

/** How every connection is set. A large estate is written in minutes at worst: writers wait for each other that long. */
export function prepareFile(database: DatabaseSync): void {
  database.exec(
    'PRAGMA busy_timeout = 300000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON',
  );
}

/** A statement, and whether it answers with rows. */
export interface PreparedStatement {
  statement: StatementSync;
  reader: boolean;
}

/** Statements that are kept prepared; with more, all are let go of. */
const KEPT = 200;

/** Prepares each statement once: to do so costs more than to run most of them. */
export function keepStatements(database: DatabaseSync): (sql: string) => PreparedStatement {
  const known = new Map<string, PreparedStatement>();
  return (sql) => {
    const found = known.get(sql);
    if (found !== undefined) return found;
    const statement = database.prepare(sql);
    const prepared = { statement, reader: statement.columns().length > 0 };
    if (known.size >= KEPT) known.clear();
    known.set(sql, prepared);
    return prepared;
  };
}

function adaptStatement({ statement, reader }: PreparedStatement): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => {
      const { changes, lastInsertRowid } = statement.run(...values(parameters));
      return { changes, lastInsertRowid };
    },
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
