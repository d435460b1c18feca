import type { Kysely } from 'kysely';

/** Keys of sensors, what each sent, what came in and is not joined yet, and what all of it proves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const make = async (table: string, key: string[], texts: string[], numbers: string[] = []) => {
    let made = db.schema.createTable(table).addColumn('tenant', 'text', (c) => c.notNull());
    for (const column of texts) made = made.addColumn(column, 'text', (c) => c.notNull());
    for (const column of numbers) made = made.addColumn(column, 'double precision', (c) => c.notNull());
    await made.addPrimaryKeyConstraint(`${table}_key`, ['tenant', ...key] as never[]).execute();
  };
  await make('sensor_keys', ['id'], ['id', 'name', 'hash', 'created_at', 'revoked_at']);
  await make(
    'sensors',
    ['key', 'sensor'],
    ['key', 'sensor', 'stored', 'seen_at', 'news_at'],
    ['skew', 'batches', 'duplicates', 'events', 'unknowns', 'lost'],
  );
  await make('ingested', ['id'], ['id', 'document']);
  await make('observations', ['key'], ['key', 'document']);
  await make('reporters', ['name'], ['name', 'document']);
  await make(
    'behaviours',
    ['subject', 'container', 'key'],
    ['subject', 'container', 'key', 'first_seen', 'last_seen', 'document'],
    ['count'],
  );
  await make('runtime_alerts', ['id'], ['id', 'time', 'document']);
  await db.schema.createIndex('runtime_alerts_time').on('runtime_alerts').columns(['tenant', 'time']).execute();
}
