import type { Kysely } from 'kysely';

/** Incidents, what they were called before they became part of another, and what waits to be told in them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const make = async (table: string, key: string[], texts: string[], numbers: string[] = []) => {
    let made = db.schema.createTable(table).addColumn('tenant', 'text', (c) => c.notNull());
    for (const column of texts) made = made.addColumn(column, 'text', (c) => c.notNull());
    for (const column of numbers) made = made.addColumn(column, 'double precision', (c) => c.notNull());
    await made.addPrimaryKeyConstraint(`${table}_key`, ['tenant', ...key] as never[]).execute();
  };
  await make('incident_signs', ['id'], ['id', 'status', 'added_at', 'document']);
  await make(
    'incidents',
    ['id'],
    ['id', 'status', 'first_seen', 'last_seen', 'search', 'subjects', 'summary', 'document', 'state'],
    ['is_done', 'severity'],
  );
  await make('incident_names', ['id'], ['id', 'incident']);
  await make('incident_exceptions', ['name'], ['name', 'document']);
  await db.schema
    .createIndex('incidents_order')
    .on('incidents')
    .columns(['tenant', 'is_done', 'severity', 'last_seen'])
    .execute();
  await db.schema.createIndex('incidents_last').on('incidents').columns(['tenant', 'last_seen']).execute();
  // Few signs wait, and very many were told: those that wait are found without reading past the others.
  await db.schema
    .createIndex('incident_signs_order')
    .on('incident_signs')
    .columns(['tenant', 'status', 'added_at', 'id'])
    .execute();
}
