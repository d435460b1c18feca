import { createHash } from 'node:crypto';
import type { BehaviourCount, IngestDelta } from '@breakwater/app/ingest/kept';
import { mergeObservations, mergeReporters, type Reporter } from '@breakwater/app/ingest/kept';
import type { Observation, RuntimeEvent } from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';
import { addBehaviours } from './behaviours.ts';

/** Deltas that are joined in one transaction: so much is in memory at once. */
const AT_ONCE = 64;
const ROWS = 200;
/** Alerts kept, the newest: a rule that fires all day must not fill the store. */
const MOST_ALERTS = 10_000;

/** Joins what came in with what was known; gives how many batches there were. Whoever else joins waits. */
export async function joinIngested(db: Kysely<Schema>, tenant: string): Promise<number> {
  for (let total = 0; ; ) {
    const joined = await db.transaction().execute((transaction) => joinSome(transaction, tenant));
    total += joined;
    if (joined < AT_ONCE) return total;
  }
}

async function joinSome(db: Kysely<Schema>, tenant: string): Promise<number> {
  const lock = { tenant, kind: 'ingest', name: 'joining', document: 'null' };
  await db
    .insertInto('documents')
    .values(lock)
    .onConflict((c) => c.columns(['tenant', 'kind', 'name']).doUpdateSet({ document: 'null' }))
    .execute();
  const rows = await db
    .deleteFrom('ingested')
    .where('tenant', '=', tenant)
    .where('id', 'in', (eb) =>
      eb.selectFrom('ingested').select('id').where('tenant', '=', tenant).orderBy('id').limit(AT_ONCE),
    )
    .returning('document')
    .execute();
  const deltas = rows.map(({ document }) => parseDocument<IngestDelta>(document));
  if (deltas.length === 0) return 0;
  await joinObservations(db, tenant, mergeObservations(...deltas.map(({ observations }) => observations)));
  await joinReporters(db, tenant, mergeReporters(...deltas.map(({ reporters }) => reporters)));
  await addBehaviours(db, tenant, joinCounts(deltas.flatMap(({ behaviours }) => behaviours)));
  await addAlerts(
    db,
    tenant,
    deltas.flatMap(({ alerts }) => alerts),
  );
  return deltas.length;
}

async function joinObservations(db: Kysely<Schema>, tenant: string, found: readonly Observation[]): Promise<void> {
  for (let at = 0; at < found.length; at += ROWS) {
    const some = found.slice(at, at + ROWS);
    const keys = some.map(({ key }) => key);
    const known = await db
      .selectFrom('observations')
      .select('document')
      .where('tenant', '=', tenant)
      .where('key', 'in', keys)
      .execute();
    const merged = mergeObservations(
      known.map(({ document }) => parseDocument<Observation>(document)),
      some,
    );
    await db
      .insertInto('observations')
      .values(merged.map((observation) => ({ tenant, key: observation.key, document: JSON.stringify(observation) })))
      .onConflict((c) => c.columns(['tenant', 'key']).doUpdateSet((eb) => ({ document: eb.ref('excluded.document') })))
      .execute();
  }
}

async function joinReporters(db: Kysely<Schema>, tenant: string, found: readonly Reporter[]): Promise<void> {
  for (let at = 0; at < found.length; at += ROWS) {
    const some = found.slice(at, at + ROWS);
    const names = some.map(({ name }) => name);
    const known = await db
      .selectFrom('reporters')
      .select('document')
      .where('tenant', '=', tenant)
      .where('name', 'in', names)
      .execute();
    const merged = mergeReporters(
      known.map(({ document }) => parseDocument<Reporter>(document)),
      some,
    );
    await db
      .insertInto('reporters')
      .values(merged.map((reporter) => ({ tenant, name: reporter.name, document: JSON.stringify(reporter) })))
      .onConflict((c) => c.columns(['tenant', 'name']).doUpdateSet((eb) => ({ document: eb.ref('excluded.document') })))
      .execute();
  }
}

/** The same behaviour once: a statement may not write a row twice. */
function joinCounts(counts: readonly BehaviourCount[]): BehaviourCount[] {
  const joined = new Map<string, BehaviourCount>();
  for (const count of counts) {
    const name = JSON.stringify([count.subject, count.container, count.key]);
    const other = joined.get(name);
    if (other === undefined) joined.set(name, { ...count });
    else {
      other.count += count.count;
      if (count.last > other.last) other.last = count.last;
      if (count.example !== undefined && (other.example === undefined || count.first < other.first))
        other.example = count.example;
      if (count.first < other.first) other.first = count.first;
    }
  }
  return [...joined.values()];
}

async function addAlerts(db: Kysely<Schema>, tenant: string, alerts: readonly RuntimeEvent[]): Promise<void> {
  if (alerts.length === 0) return;
  const rows = new Map(
    alerts.map((alert) => {
      const document = JSON.stringify(alert);
      const id = createHash('sha256').update(document).digest('hex');
      return [id, { tenant, id, time: alert.time, document }];
    }),
  );
  const all = [...rows.values()];
  for (let at = 0; at < all.length; at += ROWS) {
    await db
      .insertInto('runtime_alerts')
      .values(all.slice(at, at + ROWS))
      .onConflict((c) => c.columns(['tenant', 'id']).doNothing())
      .execute();
  }
  const last = await db
    .selectFrom('runtime_alerts')
    .select('time')
    .where('tenant', '=', tenant)
    .orderBy('time', 'desc')
    .limit(1)
    .offset(MOST_ALERTS)
    .executeTakeFirst();
  if (last === undefined) return;
  await db.deleteFrom('runtime_alerts').where('tenant', '=', tenant).where('time', '<=', last.time).execute();
}
