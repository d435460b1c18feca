import { type KeptModel, LearnedElsewhere, type LearnedModel, type ProfileHead } from '@breakwater/app/profiles/kept';
import type { BehaviourModelState, LearnedProfile } from '@breakwater/model';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument, readDocuments } from '../documents.ts';

const IDS = 500;
/** Models that are written with one statement. */
const ROWS = 32;
/** Milliseconds by which clocks of those who learn may differ. */
const CLOCKS = 120_000;
/** Characters of an incident's name that models keep as they are, whatever it is. */
const BEGINNING = 19;

/**
 * Lets one learn at a time: whoever had the place may keep it, others take it when its time is over, or is so far off
 * that a clock was set back since.
 */
export async function claimLearning(
  db: Kysely<Schema>,
  tenant: string,
  owner: string,
  now: string,
  until: string,
): Promise<boolean> {
  const place = { tenant, kind: 'behaviour', name: 'learning' };
  const document = JSON.stringify([until, owner]);
  const tooFar = new Date(Date.parse(until) + CLOCKS).toISOString();
  // An hour that is over sorts before now, as text.
  const rows = await db
    .insertInto('documents')
    .values({ ...place, document })
    .onConflict((c) =>
      c
        .columns(['tenant', 'kind', 'name'])
        .doUpdateSet({ document })
        .where((eb) =>
          eb.or([
            eb('documents.document', '<', JSON.stringify([now])),
            eb('documents.document', '>', JSON.stringify([tooFar])),
            eb('documents.document', 'like', `%,${JSON.stringify(owner)}]`),
          ]),
        ),
    )
    .returning('document')
    .execute();
  return rows.length === 1;
}

/** A model as it was kept last. */
export async function readModel(
  db: Kysely<Schema>,
  tenant: string,
  subject: string,
  container: string,
): Promise<KeptModel | undefined> {
  const row = await db
    .selectFrom('behaviour_models')
    .select(['version', 'state'])
    .where((eb) => eb.and({ tenant, subject, container }))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { subject, container, version: row.version, state: parseDocument<BehaviourModelState>(row.state) };
}

/** Models in whose state an incident is named; of one with a long name, or a name like it, too. */
export async function findHolding(
  db: Kysely<Schema>,
  tenant: string,
  incident: string,
): Promise<{ subject: string; container: string }[]> {
  const name = JSON.stringify(incident.slice(0, BEGINNING)).slice(1, -1);
  const pattern = `%${name.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return await db
    .selectFrom('behaviour_models')
    .select(['subject', 'container'])
    .where('tenant', '=', tenant)
    .where(sql<boolean>`state like ${pattern} escape '\\'`)
    .execute();
}

/** Keeps models and forgets what they were learned from: all of it, or nothing where one of them was kept by another. */
export async function keepModels(
  db: Kysely<Schema>,
  tenant: string,
  models: readonly LearnedModel[],
  done: readonly string[],
  now: string,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (let at = 0; at < models.length; at += ROWS)
      await keepSome(transaction, tenant, models.slice(at, at + ROWS), now);
    for (let at = 0; at < done.length; at += IDS) {
      const { numDeletedRows } = await transaction
        .deleteFrom('behaviour_journal')
        .where('tenant', '=', tenant)
        .where('id', 'in', done.slice(at, at + IDS))
        .executeTakeFirst();
      if (Number(numDeletedRows) !== Math.min(IDS, done.length - at)) throw new LearnedElsewhere();
    }
  });
}

/** Each is written in the place of the version before its own; none where one of them is not there any more. */
async function keepSome(
  db: Kysely<Schema>,
  tenant: string,
  models: readonly LearnedModel[],
  now: string,
): Promise<void> {
  const values = models.map(({ subject, container, version, state, profile }) => ({
    ...{ tenant, subject, container, version: version + 1, updated_at: now },
    state: JSON.stringify(state),
    profile: JSON.stringify(profile),
  }));
  const rows = await db
    .insertInto('behaviour_models')
    .values(values)
    .onConflict((c) =>
      c
        .columns(['tenant', 'subject', 'container'])
        .doUpdateSet((eb) => ({
          version: eb.ref('excluded.version'),
          updated_at: eb.ref('excluded.updated_at'),
          state: eb.ref('excluded.state'),
          profile: eb.ref('excluded.profile'),
        }))
        .where(sql<boolean>`behaviour_models.version = excluded.version - 1`),
    )
    .returning('version')
    .execute();
  if (rows.length !== models.length) throw new LearnedElsewhere();
}

/** What profiles there are, in the order of their names. */
export async function readHeads(db: Kysely<Schema>, tenant: string): Promise<ProfileHead[]> {
  const rows = await db
    .selectFrom('behaviour_models')
    .select(['subject', 'container', 'updated_at'])
    .where('tenant', '=', tenant)
    .orderBy('subject')
    .orderBy('container')
    .execute();
  return rows.map(({ subject, container, updated_at }) => ({
    subject,
    ...(container !== '' && { container }),
    updatedAt: updated_at,
  }));
}

/** Profiles of all containers of a subject, or of all subjects, in the order of their names. */
export async function readLearned(db: Kysely<Schema>, tenant: string, subject?: string): Promise<LearnedProfile[]> {
  const query = db.selectFrom('behaviour_models').select('profile as document').where('tenant', '=', tenant);
  const asked = subject === undefined ? query : query.where('subject', '=', subject);
  return await readDocuments<LearnedProfile>(asked.orderBy('subject').orderBy('container'));
}
