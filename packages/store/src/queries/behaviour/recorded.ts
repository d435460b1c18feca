import type { BehaviourProfile, LearnedProfile } from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { readDocument } from '../documents.ts';

const KIND = 'recorded-profile';

/** What was recorded of an image before it ran, by its digest. */
export async function readRecorded(
  db: Kysely<Schema>,
  tenant: string,
  image: string,
): Promise<BehaviourProfile | LearnedProfile | undefined> {
  return await readDocument<BehaviourProfile | LearnedProfile>(
    db
      .selectFrom('documents')
      .select('document')
      .where((eb) => eb.and({ tenant, kind: KIND, name: image })),
  );
}

/** Keeps what was recorded of an image, under each of its digests, in place of what was. */
export async function writeRecorded(
  db: Kysely<Schema>,
  tenant: string,
  images: readonly string[],
  profile: BehaviourProfile | LearnedProfile,
): Promise<void> {
  const document = JSON.stringify(profile);
  for (const name of new Set(images)) {
    await db
      .insertInto('documents')
      .values({ tenant, kind: KIND, name, document })
      .onConflict((c) => c.columns(['tenant', 'kind', 'name']).doUpdateSet({ document }))
      .execute();
  }
}
