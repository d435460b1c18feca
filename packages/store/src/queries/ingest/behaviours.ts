import type { BehaviourCount } from '@breakwater/app/ingest/kept';
import type { RuntimeEvent } from '@breakwater/model';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';

const ROWS = 200;
/** Behaviours of one subject that are kept: more than any application does. */
export const MOST_BEHAVIOURS = 20_000;

/** Adds counts to those that are known; of a subject that does too many things, only what is known is counted on. */
export async function addBehaviours(
  db: Kysely<Schema>,
  tenant: string,
  counts: readonly BehaviourCount[],
): Promise<void> {
  const full = await fullSubjects(db, tenant, [...new Set(counts.map(({ subject }) => subject))]);
  for (let at = 0; at < counts.length; at += ROWS) {
    const some = counts.slice(at, at + ROWS);
    const open = some.filter(({ subject }) => !full.has(subject));
    if (open.length > 0) await write(db, tenant, open);
    for (const count of some.filter(({ subject }) => full.has(subject))) await countOn(db, tenant, count);
  }
}

/** The first event that showed a behaviour; undefined where none was joined. */
export async function readExample(
  db: Kysely<Schema>,
  tenant: string,
  ...[subject, container, key]: [subject: string, container: string, key: string]
): Promise<RuntimeEvent | undefined> {
  const row = await db
    .selectFrom('behaviours')
    .select('document')
    .where((eb) => eb.and({ tenant, subject, container, key }))
    .executeTakeFirst();
  return row && parseDocument<{ example?: RuntimeEvent }>(row.document).example;
}

async function fullSubjects(db: Kysely<Schema>, tenant: string, subjects: string[]): Promise<Set<string>> {
  const full = new Set<string>();
  for (let at = 0; at < subjects.length; at += ROWS) {
    const rows = await db
      .selectFrom('behaviours')
      .select('subject')
      .where('tenant', '=', tenant)
      .where('subject', 'in', subjects.slice(at, at + ROWS))
      .groupBy('subject')
      .having((eb) => eb.fn.countAll(), '>=', MOST_BEHAVIOURS)
      .execute();
    for (const { subject } of rows) full.add(subject);
  }
  return full;
}

async function write(db: Kysely<Schema>, tenant: string, counts: readonly BehaviourCount[]): Promise<void> {
  await db
    .insertInto('behaviours')
    .values(
      counts.map(({ subject, container, key, behaviour, first, last, count, example }) => ({
        tenant,
        subject,
        container,
        key,
        first_seen: first,
        last_seen: last,
        count,
        document: JSON.stringify({ behaviour, example }),
      })),
    )
    .onConflict((c) =>
      c.columns(['tenant', 'subject', 'container', 'key']).doUpdateSet({
        count: sql<number>`behaviours.count + excluded.count`,
        first_seen: sql<string>`case when excluded.first_seen < behaviours.first_seen then excluded.first_seen else behaviours.first_seen end`,
        last_seen: sql<string>`case when excluded.last_seen > behaviours.last_seen then excluded.last_seen else behaviours.last_seen end`,
      }),
    )
    .execute();
}

async function countOn(
  db: Kysely<Schema>,
  tenant: string,
  { subject, container, key, count, last }: BehaviourCount,
): Promise<void> {
  await db
    .updateTable('behaviours')
    .set({
      count: sql<number>`count + ${count}`,
      last_seen: sql<string>`case when last_seen < ${last} then ${last} else last_seen end`,
    })
    .where((eb) => eb.and({ tenant, subject, container, key }))
    .execute();
}
