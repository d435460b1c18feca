import type { Kysely } from 'kysely';

/** Keys may name the cluster that those who send with them are of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('sensor_keys')
    .addColumn('cluster', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
}
