import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '@breakwater/model';
import { JournalEntry } from './journal-entry.ts';

/** Everything that was ever asked, done and undone, in order. Lines are only added. */
export interface ResponseJournal {
  path: string;
  /** @throws {UserError} `journal-broken` where a line was changed or taken away */
  entries(): JournalEntry[];
  /** Adds a line; it is on the disk when this returns. */
  add(entry: Omit<JournalEntry, 'before'>): void;
  /** Runs something while nobody else counts or adds. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

const FIRST = '0'.repeat(64);
/** Milliseconds after which whoever holds the lock is taken for gone. */
const STALE = 10 * 60_000;
const PATIENCE = 60_000;

/** Opens the journal of a state folder, which only its owner may read. */
export function openJournal(state: string): ResponseJournal {
  mkdirSync(state, { recursive: true });
  const path = join(state, 'responses.jsonl');
  const read = (): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  };
  return {
    path,
    entries: () => parse(read(), path),
    add(entry) {
      const lines = read().split('\n').filter(Boolean);
      const last = lines.at(-1);
      const line = JSON.stringify({ ...entry, before: last === undefined ? FIRST : digest(last) });
      const file = openSync(path, 'a', 0o600);
      try {
        writeSync(file, `${line}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
    alone: async (work) => await locked(`${path}.lock`, work),
  };
}

const digest = (line: string): string => createHash('sha256').update(line).digest('hex');

function parse(text: string, path: string): JournalEntry[] {
  let before = FIRST;
  return text
    .split('\n')
    .filter(Boolean)
    .map((line, index) => {
      const entry = JournalEntry.safeParse(parseJson(line)).data;
      if (entry === undefined || entry.before !== before) {
        throw new UserError(`${path}:${index + 1} was changed, or a line before it is gone.`, {
          code: 'journal-broken',
          hint: 'Find out who wrote there. Move the file away to begin a new one; keep it.',
        });
      }
      before = digest(line);
      return entry;
    });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      closeSync(openSync(path, 'wx', 0o600));
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isStale(path)) rmSync(path, { force: true });
      else if (Date.now() > end) throw busy(path);
      else await wait(50);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

const busy = (path: string): UserError =>
  new UserError('Another response is under way.', {
    code: 'respond-busy',
    hint: `If none is, remove ${path}; after ten minutes that happens by itself.`,
  });

function isStale(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > STALE;
  } catch {
    return false;
  }
}
