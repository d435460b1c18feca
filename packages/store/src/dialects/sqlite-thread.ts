import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { prepareFile } from './sqlite.ts';

/** A statement to run. */
export interface ThreadRequest {
  id: number;
  sql: string;
  parameters: readonly unknown[];
}

/** What came of it. */
export type ThreadAnswer =
  | { id: number; rows: unknown[]; changes: number | bigint }
  | { id: number; error: { message: string; code?: string; errcode?: number } };

/** Statements that are kept prepared. */
const KEPT = 200;

const database = new DatabaseSync(workerData as string);
prepareFile(database);
const statements = new Map<string, StatementSync>();

parentPort?.on('message', ({ id, sql, parameters }: ThreadRequest) => {
  try {
    const statement = prepare(sql);
    const values = parameters as SQLInputValue[];
    if (statement.columns().length > 0) return answer({ id, rows: statement.all(...values), changes: 0 });
    return answer({ id, rows: [], changes: statement.run(...values).changes });
  } catch (error) {
    const { message, code, errcode } = error as Error & { code?: string; errcode?: number };
    return answer({ id, error: { message, ...(code ? { code } : {}), ...(errcode ? { errcode } : {}) } });
  }
});

function prepare(sql: string): StatementSync {
  const known = statements.get(sql) ?? database.prepare(sql);
  if (statements.size >= KEPT) statements.clear();
  statements.set(sql, known);
  return known;
}

function answer(message: ThreadAnswer): void {
  parentPort?.postMessage(message);
}
