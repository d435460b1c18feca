import { randomUUID } from 'node:crypto';
import {
  addSequence,
  type Batch,
  type Committed,
  closeBelow,
  holdsSequence,
  type SequenceRange,
} from '@breakwater/app/ingest/kept';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { journalBatch } from '../behaviour/journal.ts';
import { writePromises } from '../behaviour/promises.ts';
import type { Told, ToldLately } from '../behaviour/told-lately.ts';
import { parseDocument } from '../documents.ts';
import { addSigns } from '../incidents/signs.ts';

/**
 * Stores a batch, once: what it comes to and that its number is stored, in one transaction. The row of the sensor is
 * written first, so that the same batch, sent twice at the same time, waits for itself.
 */
export async function commitBatch(
  db: Kysely<Schema>,
  tenant: string,
  kind: 'sqlite' | 'postgresql',
  lately: ToldLately,
  batch: Batch,
): Promise<Committed> {
  const { told, ...committed } = await db.connection().execute(async (connection) => {
    // What is acknowledged is on the disk, not only on its way there.
    if (kind === 'sqlite') await sql`PRAGMA synchronous = FULL`.execute(connection);
    return await connection.transaction().execute((transaction) => store(transaction, tenant, batch));
  });
  if (told !== undefined) lately.note(told);
  return committed;
}

/** Gives what is told those who learn, too: it is for them once the transaction is through. */
async function store(db: Kysely<Schema>, tenant: string, batch: Batch): Promise<Committed & { told?: Told }> {
  const { key, sensor, sequence, oldest, receivedAt } = batch;
  const own = { tenant, key, sensor };
  const none = { skew: 0, batches: 0, duplicates: 0, events: 0, unknowns: 0, lost: 0 };
  const row = await db
    .insertInto('sensors')
    .values({ ...own, ...none, stored: '[]', seen_at: receivedAt, news_at: '' })
    .onConflict((c) => c.columns(['tenant', 'key', 'sensor']).doUpdateSet({ seen_at: receivedAt }))
    .returning('stored')
    .executeTakeFirstOrThrow();
  const before = closeBelow(parseDocument<SequenceRange[]>(row.stored), oldest ?? 1);
  const isNew = sequence === undefined || !holdsSequence(before, sequence);
  const stored = isNew && sequence !== undefined ? addSequence(before, sequence) : before;
  await db
    .updateTable('sensors')
    .set({
      stored: JSON.stringify(stored),
      skew: batch.skew,
      ...(isNew
        ? {
            batches: sql<number>`batches + 1`,
            events: sql<number>`events + ${batch.events}`,
            unknowns: sql<number>`unknowns + ${batch.unknowns}`,
            lost: sql<number>`lost + ${batch.lost}`,
            ...(batch.isNews && { news_at: receivedAt }),
          }
        : { duplicates: sql<number>`duplicates + 1` }),
    })
    .where((eb) => eb.and(own))
    .execute();
  if (!isNew || batch.events === 0) return { isNew, stored };
  const { replicas, losses, behaviours, ...others } = batch.delta;
  // What was done is written twice, for those who join and those who learn, and spelled once.
  const written = JSON.stringify(behaviours);
  const document = withWritten(others, written);
  await db
    .insertInto('ingested')
    .values({ tenant, id: `${receivedAt} ${randomUUID()}`, document })
    .execute();
  await writePromises(db, tenant, replicas);
  await addSigns(db, tenant, batch.signs ?? []);
  if (replicas.length + losses.length === 0) return { isNew, stored };
  const journaled = withWritten({ replicas, losses }, written);
  const id = await journalBatch(db, tenant, receivedAt, journaled);
  const told = { id, batch: { behaviours, replicas, losses }, size: Buffer.byteLength(journaled) };
  return { isNew, stored, told };
}

const withWritten = (others: object, behaviours: string): string =>
  `{"behaviours":${behaviours},${JSON.stringify(others).slice(1)}`;
