import type { SelectQueryBuilder } from 'kysely';
import type { Schema } from '../schema.ts';

/** How many rows a query selects. PostgreSQL gives counts as text. */
export async function countRows<T extends keyof Schema>(query: SelectQueryBuilder<Schema, T, object>): Promise<number> {
  const row = await query.select((eb) => eb.fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow();
  return Number((row as { count: number | string }).count);
}
