import type { SensorKey } from '@breakwater/app/ingest/kept';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';

/** All keys that were ever made, the oldest first. */
export async function readKeys(db: Kysely<Schema>, tenant: string): Promise<SensorKey[]> {
  const rows = await db
    .selectFrom('sensor_keys')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id, name, hash, created_at, revoked_at, cluster }) => ({
    id,
    name,
    hash,
    createdAt: created_at,
    revokedAt: revoked_at,
    ...(cluster !== '' && { cluster }),
  }));
}

/** Keeps a key unless a good one bears its name; says whether it did. */
export async function addKey(db: Kysely<Schema>, tenant: string, key: SensorKey): Promise<boolean> {
  return await db.transaction().execute(async (transaction) => {
    const { id, name, hash, createdAt, revokedAt, cluster = '' } = key;
    const row = { tenant, id, name, hash, created_at: createdAt, revoked_at: revokedAt, cluster };
    await transaction.insertInto('sensor_keys').values(row).execute();
    const { count } = await transaction
      .selectFrom('sensor_keys')
      .select((eb) => eb.fn.countAll<number | string>().as('count'))
      .where((eb) => eb.and({ tenant, name, revoked_at: '' }))
      .executeTakeFirstOrThrow();
    if (Number(count) === 1) return true;
    await transaction
      .deleteFrom('sensor_keys')
      .where((eb) => eb.and({ tenant, id }))
      .execute();
    return false;
  });
}

/** Revokes the good key of a name; says whether there was one. */
export async function revokeKey(db: Kysely<Schema>, tenant: string, name: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sensor_keys')
    .set({ revoked_at: at })
    .where((eb) => eb.and({ tenant, name, revoked_at: '' }))
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}
