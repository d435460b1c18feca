import type { IngestEvidence, SensorState } from '@breakwater/app/ingest/kept';
import { type Reporter, withReporters } from '@breakwater/app/ingest/kept';
import {
  type Behaviour,
  type BehaviourProfile,
  DIMENSIONS,
  type Observation,
  type RuntimeEvent,
} from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { readCommonPromise } from '../behaviour/promises.ts';
import { parseDocument, readDocuments } from '../documents.ts';
import { MOST_BEHAVIOURS } from './behaviours.ts';

/** All that was joined. */
export async function readEvidence(db: Kysely<Schema>, tenant: string): Promise<IngestEvidence> {
  const observations = await readDocuments<Observation>(
    db.selectFrom('observations').select('document').where('tenant', '=', tenant).orderBy('key'),
  );
  const reporters = await readDocuments<Reporter>(
    db.selectFrom('reporters').select('document').where('tenant', '=', tenant),
  );
  const alerts = await readDocuments<RuntimeEvent>(
    db.selectFrom('runtime_alerts').select('document').where('tenant', '=', tenant).orderBy('time'),
  );
  return { observations: withReporters(observations, reporters), alerts };
}

/** Every sensor that ever sent, the last to be heard of first. */
export async function readSensors(db: Kysely<Schema>, tenant: string): Promise<SensorState[]> {
  const rows = await db
    .selectFrom('sensors')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('seen_at', 'desc')
    .orderBy('sensor')
    .execute();
  return rows.map(({ key, sensor, seen_at, stored, skew, batches, duplicates, events, unknowns, lost }) => ({
    key,
    sensor,
    seenAt: seen_at,
    stored: parseDocument(stored),
    skew,
    batches,
    duplicates,
    events,
    unknowns,
    lost,
  }));
}

/** Subjects of which behaviours are known, in order of their names. */
export async function readSubjects(db: Kysely<Schema>, tenant: string): Promise<string[]> {
  const rows = await db
    .selectFrom('behaviours')
    .select('subject')
    .distinct()
    .where('tenant', '=', tenant)
    .orderBy('subject')
    .execute();
  return rows.map(({ subject }) => subject);
}

/** What a subject was seen to do, as a profile. Where a reporter of it lost events, or no more is kept, it may be partial. */
export async function readProfile(
  db: Kysely<Schema>,
  tenant: string,
  subject: string,
): Promise<BehaviourProfile | undefined> {
  const rows = await db
    .selectFrom('behaviours')
    .select(['container', 'first_seen', 'last_seen', 'document'])
    .where((eb) => eb.and({ tenant, subject }))
    .orderBy('key')
    .execute();
  if (rows.length === 0) return undefined;
  const seen = rows.map(({ document }) => parseDocument<{ behaviour: Behaviour; example?: RuntimeEvent }>(document));
  const behaviours = [...new Map(seen.map(({ behaviour }) => [JSON.stringify(behaviour), behaviour])).values()];
  const reporters = await readDocuments<Reporter>(
    db.selectFrom('reporters').select('document').where('tenant', '=', tenant),
  );
  const own = new Set(seen.flatMap(({ example }) => (example ? `${example.source}@${example.node ?? ''}` : [])));
  const containers = [...new Set(rows.map((row) => row.container))];
  const [container, ...others] = containers;
  // What was never done, though its sources would have told of it, is seen too.
  const promised = await readCommonPromise(db, tenant, subject, containers, [...own]);
  const dimensions = new Set([...promised, ...behaviours.map(({ dimension }) => dimension)]);
  return {
    subject,
    ...(container && others.length === 0 && { container }),
    origin: 'recorded',
    from: rows.map((row) => row.first_seen).sort()[0] ?? '',
    until:
      rows
        .map((row) => row.last_seen)
        .sort()
        .at(-1) ?? '',
    partial: rows.length >= MOST_BEHAVIOURS || reporters.some(({ name, lossy }) => lossy && own.has(name)),
    dimensions: DIMENSIONS.filter((dimension) => dimensions.has(dimension)),
    behaviours,
  };
}
