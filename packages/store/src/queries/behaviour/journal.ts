import { randomUUID } from 'node:crypto';
import type { BehaviourStore, BehaviourWord, JournalEntry, ToldBatch } from '@breakwater/app/profiles/kept';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';
import type { ToldLately } from './told-lately.ts';

/** Adds what a batch tells, as `ToldBatch` in JSON, in the transaction that stores the batch; gives its id. */
export async function journalBatch(
  db: Kysely<Schema>,
  tenant: string,
  receivedAt: string,
  document: string,
): Promise<string> {
  return await add(db, tenant, receivedAt, 'batch', document);
}

/** Adds somebody's word, after all that is there. */
export async function journalWord(db: Kysely<Schema>, tenant: string, word: BehaviourWord): Promise<void> {
  await add(db, tenant, new Date().toISOString(), 'word', JSON.stringify(word));
}

async function add(
  db: Kysely<Schema>,
  tenant: string,
  time: string,
  kind: 'batch' | 'word',
  document: string,
): Promise<string> {
  const id = `${time} ${randomUUID()}`;
  await db.insertInto('behaviour_journal').values({ tenant, id, kind, document }).execute();
  return id;
}

/**
 * What came after `after` and is not done, the oldest first: names before documents, as most of them are done. Of
 * documents there are as many as fit into `bytes`, and one at least: a batch may be large, and many wait after a restart.
 * What was told lately is not read.
 */
export async function readJournal(
  db: Kysely<Schema>,
  tenant: string,
  lately: ToldLately,
  ...[after, done, limit, bytes]: Parameters<BehaviourStore['journal']>
): Promise<JournalEntry[]> {
  const names = await db
    .selectFrom('behaviour_journal')
    .select('id')
    .where('tenant', '=', tenant)
    .where('id', '>', after)
    .orderBy('id')
    // Even where all that is done comes first there are enough: a backlog is not read whole for its beginning.
    .limit(done.size + limit)
    .execute();
  const fresh = names.flatMap(({ id }) => (done.has(id) ? [] : [id])).slice(0, limit);
  const fitting = await fitInto(db, tenant, lately, fresh, bytes);
  const told = new Map(fitting.map((id) => [id, lately.take(id)]));
  const read = await readEntries(
    db,
    tenant,
    fitting.filter((id) => told.get(id) === undefined),
  );
  return fitting.flatMap((id) => {
    const batch = told.get(id);
    return batch === undefined ? (read.get(id) ?? []) : { id, batch };
  });
}

async function readEntries(
  db: Kysely<Schema>,
  tenant: string,
  ids: readonly string[],
): Promise<Map<string, JournalEntry>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('behaviour_journal')
    .select(['id', 'kind', 'document'])
    .where('tenant', '=', tenant)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, entryOf(row)]));
}

function entryOf({ id, kind, document }: { id: string; kind: string; document: string }): JournalEntry {
  try {
    return kind === 'word'
      ? { id, word: parseDocument<BehaviourWord>(document) }
      : { id, batch: parseDocument<ToldBatch>(document) };
  } catch (error) {
    return { id, unreadable: (error as Error).message };
  }
}

/** As many of them, from the first, as fit. */
async function fitInto(
  db: Kysely<Schema>,
  tenant: string,
  lately: ToldLately,
  ids: readonly string[],
  bytes: number,
): Promise<string[]> {
  if (ids.length < 2) return [...ids];
  const stored = await sizesOf(
    db,
    tenant,
    ids.filter((id) => lately.sizeOf(id) === undefined),
  );
  let sum = 0;
  const end = ids.findIndex((id, index) => {
    sum += lately.sizeOf(id) ?? stored.get(id) ?? 0;
    return index > 0 && sum > bytes;
  });
  return ids.slice(0, end < 0 ? undefined : end);
}

async function sizesOf(db: Kysely<Schema>, tenant: string, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const sizes = await db
    .selectFrom('behaviour_journal')
    .select(['id', sql<number>`octet_length(document)`.as('size')])
    .where('tenant', '=', tenant)
    .where('id', 'in', ids)
    .execute();
  return new Map(sizes.map(({ id, size }) => [id, size]));
}
