import { createHash } from 'node:crypto';
import type { IncidentSign, WaitingSign } from '@breakwater/app/incidents/kept';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';

const ROWS = 200;
/** Milliseconds for which it is known that a sign was told: what comes again comes within them. */
const REMEMBERED = 7 * 86_400_000;

/** Keeps signs until they are told; for use in the transaction of whatever they came with. */
export async function addSigns(db: Kysely<Schema>, tenant: string, signs: readonly IncidentSign[]): Promise<void> {
  const added_at = new Date().toISOString();
  const rows = new Map(
    signs.map((sign) => {
      const document = JSON.stringify(sign);
      const id = createHash('sha256').update(document).digest('hex');
      return [id, { tenant, id, status: 'waits' as const, added_at, document }];
    }),
  );
  const all = [...rows.values()];
  for (let at = 0; at < all.length; at += ROWS) {
    await db
      .insertInto('incident_signs')
      .values(all.slice(at, at + ROWS))
      .onConflict((c) => c.columns(['tenant', 'id']).doNothing())
      .execute();
  }
}

/** The oldest signs that were not told. */
export async function waitingSigns(db: Kysely<Schema>, tenant: string, most: number): Promise<WaitingSign[]> {
  const rows = await db
    .selectFrom('incident_signs')
    .select(['id', 'document'])
    .where('tenant', '=', tenant)
    .where('status', '=', 'waits')
    .orderBy('added_at')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(({ id, document }) => ({ id, sign: parseDocument<IncidentSign>(document) }));
}

/** Which of some signs were not told. */
export async function stillWaiting(db: Kysely<Schema>, tenant: string, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let at = 0; at < ids.length; at += ROWS) {
    const rows = await db
      .selectFrom('incident_signs')
      .select('id')
      .where('tenant', '=', tenant)
      .where('status', '=', 'waits')
      .where('id', 'in', ids.slice(at, at + ROWS))
      .execute();
    for (const { id } of rows) found.add(id);
  }
  return found;
}

/** Notes that a sign cannot be told. What it was is kept as long as it is known of others that they were told. */
export async function setSignAside(db: Kysely<Schema>, tenant: string, id: string): Promise<void> {
  await db
    .updateTable('incident_signs')
    .set({ status: 'aside' })
    .where((eb) => eb.and({ tenant, id, status: 'waits' }))
    .execute();
}

/** Notes that signs were told. What they were is forgotten, and later that they were. */
export async function endSigns(db: Kysely<Schema>, tenant: string, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += ROWS) {
    await db
      .updateTable('incident_signs')
      .set({ status: 'told', document: '' })
      .where('tenant', '=', tenant)
      .where('status', '=', 'waits')
      .where('id', 'in', ids.slice(at, at + ROWS))
      .execute();
  }
  await db
    .deleteFrom('incident_signs')
    .where('tenant', '=', tenant)
    .where('status', 'in', ['told', 'aside'])
    .where('added_at', '<', new Date(Date.now() - REMEMBERED).toISOString())
    .execute();
}
