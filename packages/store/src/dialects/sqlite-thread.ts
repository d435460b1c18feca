import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { keepStatements, prepareFile } from './sqlite.ts';

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

const database = new DatabaseSync(workerData as string);
prepareFile(database);
const prepare = keepStatements(database);

parentPort?.on('message', ({ id, sql, parameters }: ThreadRequest) => {
  try {
    const { statement, reader } = prepare(sql);
    const values = parameters as SQLInputValue[];
    if (reader) return answer({ id, rows: statement.all(...values), changes: 0 });
    return answer({ id, rows: [], changes: statement.run(...values).changes });
  } catch (error) {
    const { message, code, errcode } = error as Error & { code?: string; errcode?: number };
    return answer({ id, error: { message, ...(code ? { code } : {}), ...(errcode ? { errcode } : {}) } });
  }
});

function answer(message: ThreadAnswer): void {
  parentPort?.postMessage(message);
}
