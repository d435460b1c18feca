import { randomUUID } from 'node:crypto';
import type { BehaviourWord, JournalEntry, ToldBatch } from '@breakwater/app/profiles/kept';
import type { Kysely } from 'kysely';
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

/** What came after `after` and is not done, the oldest first: names before documents, as most of them are done. */
export async function readJournal(
  db: Kysely<Schema>,
  tenant: string,
  after: string,
  done: ReadonlySet<string>,
  limit: number,
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
  if (fresh.length === 0) return [];
  const rows = await db
    .selectFrom('behaviour_journal')
    .select(['id', 'kind', 'document'])
    .where('tenant', '=', tenant)
    .where('id', 'in', fresh)
    .orderBy('id')
    .execute();
  return rows.map(({ id, kind, document }) =>
    kind === 'word'
      ? { id, word: parseDocument<BehaviourWord>(document) }
      : { id, batch: parseDocument<ToldBatch>(document) },
  );
}
