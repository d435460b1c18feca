import { randomUUID } from 'node:crypto';
import type { BehaviourWord, JournalEntry, ToldBatch } from '@breakwater/app/profiles/kept';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';

/** Adds what a batch tells, as `ToldBatch` in JSON, in the transaction that stores the batch. */
export async function journalBatch(
  db: Kysely<Schema>,
  tenant: string,
  receivedAt: string,
  document: string,
): Promise<void> {
  await add(db, tenant, receivedAt, 'batch', document);
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
): Promise<void> {
  await db
    .insertInto('behaviour_journal')
    .values({ tenant, id: `${time} ${randomUUID()}`, kind, document })
    .execute();
}

/**
 * What came after `after` and is not done, the oldest first: names before documents, as most of them are done. Of
 * documents there are as many as fit into `bytes`, and one at least: a batch may be large, and many wait after a restart.
 */
export async function readJournal(
  db: Kysely<Schema>,
  tenant: string,
  after: string,
  done: ReadonlySet<string>,
  limit: number,
  bytes: number,
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
  const fitting = await fitInto(db, tenant, fresh, bytes);
  if (fitting.length === 0) return [];
  const rows = await db
    .selectFrom('behaviour_journal')
    .select(['id', 'kind', 'document'])
    .where('tenant', '=', tenant)
    .where('id', 'in', fitting)
    .orderBy('id')
    .execute();
  return rows.map(({ id, kind, document }) => {
    try {
      return kind === 'word'
        ? { id, word: parseDocument<BehaviourWord>(document) }
        : { id, batch: parseDocument<ToldBatch>(document) };
    } catch (error) {
      return { id, unreadable: (error as Error).message };
    }
  });
}

/** As many of them, from the first, as fit. */
async function fitInto(db: Kysely<Schema>, tenant: string, ids: readonly string[], bytes: number): Promise<string[]> {
  if (ids.length < 2) return [...ids];
  const sizes = await db
    .selectFrom('behaviour_journal')
    .select(['id', sql<number>`octet_length(document)`.as('size')])
    .where('tenant', '=', tenant)
    .where('id', 'in', ids)
    .orderBy('id')
    .execute();
  let sum = 0;
  const end = sizes.findIndex(({ size }, index) => {
    sum += size;
    return index > 0 && sum > bytes;
  });
  return sizes.slice(0, end < 0 ? undefined : end).map(({ id }) => id);
}
