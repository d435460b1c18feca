import type { IngestStore } from '@breakwater/app/ingest/kept';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import type { ToldLately } from '../behaviour/told-lately.ts';
import { commitBatch } from './commit.ts';
import { joinIngested } from './join.ts';
import { addKey, readKeys, revokeKey } from './keys.ts';
import { readEvidence, readProfile, readSensors, readSubjects } from './read.ts';

/** Ingest, of one tenant; what it tells those who learn is in `lately`, too. */
export function bindIngest(
  db: Kysely<Schema>,
  tenant: string,
  kind: 'sqlite' | 'postgresql',
  lately: ToldLately,
): IngestStore {
  return {
    keys: () => readKeys(db, tenant),
    addKey: (key) => addKey(db, tenant, key),
    revokeKey: (name, at) => revokeKey(db, tenant, name, at),
    async countOtherSensors(key, sensor) {
      const { count } = await db
        .selectFrom('sensors')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where((eb) => eb.and({ tenant, key }))
        .where('sensor', '!=', sensor)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    commit: (batch) => commitBatch(db, tenant, kind, lately, batch),
    compact: () => joinIngested(db, tenant),
    async evidence() {
      await joinIngested(db, tenant);
      return await readEvidence(db, tenant);
    },
    async newsAt() {
      const row = await db
        .selectFrom('sensors')
        .select((eb) => eb.fn.max('news_at').as('at'))
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      return row?.at ?? '';
    },
    sensors: () => readSensors(db, tenant),
    subjects: () => readSubjects(db, tenant),
    profile: (subject) => readProfile(db, tenant, subject),
  };
}
