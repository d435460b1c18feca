import type { KeptFacts } from '@breakwater/app/profiles/kept';
import { type ReleaseFacts, subjectWithoutCluster } from '@breakwater/model';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';

/** Releases that are kept of one tenant, those that were seen last. */
const MOST_FACTS = 20_000;

/** What is known of what a container of a workload runs, in its cluster or in any; else of its image alone. */
export async function readFacts(
  db: Kysely<Schema>,
  tenant: string,
  subject: string,
  container: string,
  image: string,
): Promise<ReleaseFacts | undefined> {
  const row = await db
    .selectFrom('release_facts')
    .select('document')
    .where('tenant', '=', tenant)
    .where('subject', 'in', [subject, subjectWithoutCluster(subject), ''])
    .where('container', 'in', [container, ''])
    .where('image', '=', image)
    .orderBy(sql`length(subject)`, 'desc')
    .orderBy('container', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && parseDocument<ReleaseFacts>(row.document);
}

/** Keeps what releases were found to be, under every name that their images have. */
export async function writeFacts(
  db: Kysely<Schema>,
  tenant: string,
  kept: readonly KeptFacts[],
  now: string,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const { subject, container, images, facts } of kept) {
      const document = JSON.stringify(facts);
      for (const image of new Set(images)) {
        await transaction
          .insertInto('release_facts')
          .values({ tenant, subject, container, image, seen_at: now, document })
          .onConflict((c) =>
            c.columns(['tenant', 'subject', 'container', 'image']).doUpdateSet({ seen_at: now, document }),
          )
          .execute();
      }
    }
    const last = await transaction
      .selectFrom('release_facts')
      .select('seen_at')
      .where('tenant', '=', tenant)
      .orderBy('seen_at', 'desc')
      .limit(1)
      .offset(MOST_FACTS)
      .executeTakeFirst();
    if (last === undefined) return;
    await transaction
      .deleteFrom('release_facts')
      .where('tenant', '=', tenant)
      // What was seen last goes together: of an estate that is larger than this, all would go else.
      .where('seen_at', '<', last.seen_at)
      .execute();
  });
}
