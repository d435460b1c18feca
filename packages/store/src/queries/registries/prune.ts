import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';

/** Days for which a tag that is gone from its registry is kept. */
const GONE_DAYS = 90;
/** Days for which events are told, and closed findings kept. */
const STORY_DAYS = 365;

/** Lets go of what nobody asks for any more, so that the store does not grow for ever. */
export async function pruneRegistries(db: Kysely<Schema>, tenant: string, now: string): Promise<void> {
  const before = (days: number) => new Date(Date.parse(now) - days * 86_400_000).toISOString();
  await db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom('watched_tags')
      .where('tenant', '=', tenant)
      .where('gone_at', '!=', '')
      .where('gone_at', '<', before(GONE_DAYS))
      .execute();
    // An image that a tag named before it was moved is kept while workloads run it.
    await trx
      .deleteFrom('known_images')
      .where('tenant', '=', tenant)
      .where(
        sql<boolean>`not exists (select 1 from watched_tags t where t.tenant = known_images.tenant and t.image = known_images.id)
          and not exists (select 1 from image_uses u where u.tenant = known_images.tenant and u.name = known_images.id)
          and not exists (select 1 from known_digests d join image_uses u on u.tenant = d.tenant and u.name = d.digest
            where d.tenant = known_images.tenant and d.image = known_images.id)`,
      )
      .execute();
    for (const table of ['known_digests', 'image_findings'] as const) {
      await trx
        .deleteFrom(table)
        .where('tenant', '=', tenant)
        .where('image', 'not in', (eb) => eb.selectFrom('known_images').select('id').where('tenant', '=', tenant))
        .execute();
    }
    await trx
      .deleteFrom('image_findings')
      .where('tenant', '=', tenant)
      .where('closed_at', '!=', '')
      .where('closed_at', '<', before(STORY_DAYS))
      .execute();
    await trx
      .deleteFrom('registry_events')
      .where('tenant', '=', tenant)
      .where('time', '<', before(STORY_DAYS))
      .execute();
  });
}
