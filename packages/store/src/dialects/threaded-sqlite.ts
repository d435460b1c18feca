import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { ThreadAnswer, ThreadRequest } from './sqlite-thread.ts';

/** Connections: one that searches long does not keep the others waiting. */
const CONNECTIONS = 3;

/**
 * SQLite whose statements run on threads of their own, each with a connection: a search through all findings of a large
 * estate takes seconds, in which a server has to go on answering. For files only.
 */
export function threadedSqliteDialect(path: string): Dialect {
  return {
    createAdapter: () => new ThreadAdapter(),
    createDriver: () => new ThreadDriver(path),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Kysely gives a database of SQLite one connection at a time, unless it hears otherwise. */
class ThreadAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class ThreadDriver implements Driver {
  readonly #path: string;
  readonly #all: ThreadConnection[] = [];
  readonly #free: ThreadConnection[] = [];
  readonly #waiting: ((connection: ThreadConnection) => void)[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  async init(): Promise<void> {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    // SQLite gives its log files the mode of the database.
    closeSync(openSync(this.#path, 'a', 0o600));
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const free = this.#free.pop();
    if (free) return free;
    if (this.#all.length >= CONNECTIONS) return await new Promise((resolve) => this.#waiting.push(resolve));
    const made = new ThreadConnection(this.#path);
    this.#all.push(made);
    return made;
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const next = this.#waiting.shift();
    if (next) next(connection as ThreadConnection);
    else this.#free.push(connection as ThreadConnection);
  }

  /** At once the writer: one that begins to read and then writes is refused when another wrote meanwhile. */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.close()));
  }
}

class ThreadConnection implements DatabaseConnection {
  readonly #worker: Worker;
  readonly #pending = new Map<number, { resolve(answer: QueryResult<never>): void; reject(error: Error): void }>();
  #last = 0;

  constructor(path: string) {
    this.#worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), { workerData: path });
    this.#worker.unref();
    this.#worker.on('message', (answer: ThreadAnswer) => this.#take(answer));
    this.#worker.on('error', (error) => this.#fail(error as Error));
    this.#worker.on('exit', () => this.#fail(new Error('The thread of the store ended.')));
  }

  executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (answer: QueryResult<never>) => void, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, sql, parameters } satisfies ThreadRequest);
    });
  }

  // biome-ignore lint/correctness/useYield: nothing here is streamed, and Kysely wants the method.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Rows of the store are read whole.');
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(answer: ThreadAnswer): void {
    const asked = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    // A store that nobody waits for keeps no process alive.
    if (this.#pending.size === 0) this.#worker.unref();
    if ('error' in answer) asked?.reject(Object.assign(new Error(answer.error.message), answer.error));
    else asked?.resolve({ rows: answer.rows as never[], numAffectedRows: BigInt(answer.changes) });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
