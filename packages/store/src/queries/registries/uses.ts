import type { Assessment } from '@breakwater/app/assessment';
import { imageUses } from '@breakwater/app/registries';
import type { Kysely, Transaction } from 'kysely';
import type { Schema } from '../../schema.ts';

/** Rows in one insert. */
const CHUNK = 1000;

/** Writes by which names the workloads of an assessment run images, in the place of those before. */
export async function replaceUses(trx: Transaction<Schema>, tenant: string, assessment: Assessment): Promise<void> {
  await trx.deleteFrom('image_uses').where('tenant', '=', tenant).execute();
  const rows = imageUses(assessment).map((use) => ({ tenant, ...use }));
  for (let at = 0; at < rows.length; at += CHUNK) {
    await trx
      .insertInto('image_uses')
      .values(rows.slice(at, at + CHUNK))
      .execute();
  }
}

/** Whether any workload runs something of these names. */
export async function isUsed(db: Kysely<Schema>, tenant: string, names: readonly string[]): Promise<boolean> {
  const found = await db
    .selectFrom('image_uses')
    .select('workload')
    .where('tenant', '=', tenant)
    .where('name', 'in', names.slice(0, 1000))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
