import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
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
  return {
    close: () => database.close(),
    prepare: (sql) => adaptStatement(database, sql),
  };
}

/** How every connection is set. A large estate is written in minutes at worst: writers wait for each other that long. */
export function prepareFile(database: DatabaseSync): void {
  database.exec(
    'PRAGMA busy_timeout = 300000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON',
  );
}

function adaptStatement(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => {
      const { changes, lastInsertRowid } = statement.run(...values(parameters));
      return { changes, lastInsertRowid };
    },
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
