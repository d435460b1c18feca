import type { Kysely } from 'kysely';

/** What was told and is not learned yet, what was learned, and what releases were found to be. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const make = async (table: string, key: string[], texts: string[], numbers: string[] = []) => {
    let made = db.schema.createTable(table).addColumn('tenant', 'text', (c) => c.notNull());
    for (const column of texts) made = made.addColumn(column, 'text', (c) => c.notNull());
    for (const column of numbers) made = made.addColumn(column, 'double precision', (c) => c.notNull());
    await made.addPrimaryKeyConstraint(`${table}_key`, ['tenant', ...key] as never[]).execute();
  };
  await make('behaviour_journal', ['id'], ['id', 'kind', 'document']);
  await make(
    'behaviour_models',
    ['subject', 'container'],
    ['subject', 'container', 'updated_at', 'state', 'profile'],
    ['version'],
  );
  await make(
    'release_facts',
    ['subject', 'container', 'image'],
    ['subject', 'container', 'image', 'seen_at', 'document'],
  );
}
