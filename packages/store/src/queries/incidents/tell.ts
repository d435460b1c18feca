import {
  type ChangedIncident,
  type IncidentState,
  summariseIncident,
  type Told,
  type TurnBasis,
} from '@breakwater/app/incidents/kept';
import { type Incident, SEVERITIES } from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { journalWord } from '../behaviour/journal.ts';
import { parseDocument, readDocument, readDocuments } from '../documents.ts';
import { writeException } from './read.ts';
import { endSigns, stillWaiting } from './signs.ts';

/** Incidents that are gone on with; more are not going on at the same time. */
const MOST_LOADED = 2_000;

/** Tells signs in one transaction; gives the version that it then is. */
export async function tellSigns(
  db: Kysely<Schema>,
  tenant: string,
  ids: readonly string[],
  turn: (basis: TurnBasis) => Promise<Told>,
): Promise<number> {
  return await db.transaction().execute(async (transaction) => {
    const version = await lockVersion(transaction, tenant);
    const waiting = await stillWaiting(transaction, tenant, ids);
    const load = (since: string) => loadStates(transaction, tenant, since);
    const { changed, merged, words } = await turn({ version, waiting, load });
    for (const { state, incident } of changed) await writeIncident(transaction, tenant, state, incident);
    for (const { from, into } of merged) await rename(transaction, tenant, from, into);
    for (const word of words) await journalWord(transaction, tenant, word);
    await endSigns(transaction, tenant, ids);
    return await writeVersion(transaction, tenant, version + 1);
  });
}

/** Changes one incident, while nobody else does. */
export async function changeIncident(
  db: Kysely<Schema>,
  tenant: string,
  id: string,
  change: (state: IncidentState) => ChangedIncident,
): Promise<Incident | undefined> {
  return await db.transaction().execute(async (transaction) => {
    const version = await lockVersion(transaction, tenant);
    const state = await readDocument<IncidentState>(
      transaction
        .selectFrom('incidents')
        .select('state as document')
        .where((eb) => eb.and({ tenant, id })),
    );
    if (state === undefined) return undefined;
    const { incident, exceptions = [], words = [] } = change(state);
    await writeIncident(transaction, tenant, state, incident);
    for (const exception of exceptions) await writeException(transaction, tenant, exception);
    for (const word of words) await journalWord(transaction, tenant, word);
    await writeVersion(transaction, tenant, version + 1);
    return incident;
  });
}

/** Written first, so that whoever else tells waits. */
async function lockVersion(db: Kysely<Schema>, tenant: string): Promise<number> {
  const { document } = await db
    .insertInto('documents')
    .values({ tenant, kind: 'incidents', name: 'version', document: '0' })
    .onConflict((c) =>
      c.columns(['tenant', 'kind', 'name']).doUpdateSet((eb) => ({ document: eb.ref('documents.document') })),
    )
    .returning('document')
    .executeTakeFirstOrThrow();
  return parseDocument<number>(document);
}

async function writeVersion(db: Kysely<Schema>, tenant: string, version: number): Promise<number> {
  await db
    .updateTable('documents')
    .set({ document: JSON.stringify(version) })
    .where((eb) => eb.and({ tenant, kind: 'incidents', name: 'version' }))
    .execute();
  return version;
}

async function loadStates(db: Kysely<Schema>, tenant: string, since: string): Promise<IncidentState[]> {
  return await readDocuments<IncidentState>(
    db
      .selectFrom('incidents')
      .select('state as document')
      .where('tenant', '=', tenant)
      .where('last_seen', '>=', since)
      .orderBy('last_seen', 'desc')
      .limit(MOST_LOADED),
  );
}

async function writeIncident(db: Kysely<Schema>, tenant: string, state: IncidentState, incident: Incident) {
  const { id, status, severity, title, subjects } = incident;
  const row = {
    status,
    first_seen: incident.first,
    last_seen: incident.last,
    search: `${id} ${title} ${subjects.join(' ')}`.toLowerCase(),
    subjects: `\n${subjects.join('\n')}\n`,
    summary: JSON.stringify(summariseIncident(incident)),
    document: JSON.stringify(incident),
    state: JSON.stringify(state),
    is_done: Number(status !== 'open'),
    severity: SEVERITIES.indexOf(severity),
  };
  await db
    .insertInto('incidents')
    .values({ tenant, id, ...row })
    .onConflict((c) => c.columns(['tenant', 'id']).doUpdateSet(row))
    .execute();
}

/** What was called so is part of another now; so is what had become part of it. */
async function rename(db: Kysely<Schema>, tenant: string, from: string, into: string): Promise<void> {
  await db
    .updateTable('incident_names')
    .set({ incident: into })
    .where((eb) => eb.and({ tenant, incident: from }))
    .execute();
  await db
    .insertInto('incident_names')
    .values({ tenant, id: from, incident: into })
    .onConflict((c) => c.columns(['tenant', 'id']).doUpdateSet({ incident: into }))
    .execute();
  await db
    .deleteFrom('incidents')
    .where((eb) => eb.and({ tenant, id: from }))
    .execute();
}
