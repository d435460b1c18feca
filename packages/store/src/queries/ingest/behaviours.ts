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
  const rows = await countRows(db, tenant, [...new Set(counts.map(({ subject }) => subject))]);
  for (let at = 0; at < counts.length; at += ROWS) {
    const some = counts.slice(at, at + ROWS);
    const full = new Set(some.filter(({ subject }) => isFull(rows, subject)));
    const known = full.size === 0 ? new Set<string>() : await namesOfKnown(db, tenant, [...full]);
    const kept = some.filter((one) => !full.has(one) || known.has(nameOf(one)));
    if (kept.length > 0) await write(db, tenant, kept);
    for (const { subject } of some) rows.set(subject, (rows.get(subject) ?? 0) + 1);
  }
}

const isFull = (rows: ReadonlyMap<string, number>, subject: string): boolean =>
  (rows.get(subject) ?? 0) >= MOST_BEHAVIOURS;

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

/** Whether one of the events that are kept of a subject is of a cluster. */
export async function hasExampleOf(
  db: Kysely<Schema>,
  tenant: string,
  ...[subject, container, cluster]: [subject: string, container: string, cluster: string]
): Promise<boolean> {
  const pattern = `%${JSON.stringify({ cluster })
    .slice(1, -1)
    .replaceAll(/[\\%_]/g, '\\$&')}%`;
  const row = await db
    .selectFrom('behaviours')
    .select('key')
    .where((eb) => eb.and({ tenant, subject, container }))
    .where(sql<boolean>`document like ${pattern} escape '\\'`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** How many behaviours are kept of each subject; those that are counted on meanwhile are taken for new ones. */
async function countRows(db: Kysely<Schema>, tenant: string, subjects: string[]): Promise<Map<string, number>> {
  const counted = new Map<string, number>();
  for (let at = 0; at < subjects.length; at += ROWS) {
    const rows = await db
      .selectFrom('behaviours')
      .select(['subject', (eb) => eb.fn.countAll<number | string>().as('count')])
      .where('tenant', '=', tenant)
      .where('subject', 'in', subjects.slice(at, at + ROWS))
      .groupBy('subject')
      .execute();
    for (const { subject, count } of rows) counted.set(subject, Number(count));
  }
  return counted;
}

async function namesOfKnown(
  db: Kysely<Schema>,
  tenant: string,
  counts: readonly BehaviourCount[],
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('behaviours')
    .select(['subject', 'container', 'key'])
    .where('tenant', '=', tenant)
    .where('subject', 'in', [...new Set(counts.map(({ subject }) => subject))])
    .where('key', 'in', [...new Set(counts.map(({ key }) => key))])
    .execute();
  return new Set(rows.map(nameOf));
}

const nameOf = ({ subject, container, key }: Pick<BehaviourCount, 'subject' | 'container' | 'key'>): string =>
  `${subject}\0${container}\0${key}`;

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
