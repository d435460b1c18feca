import type { KeptException } from '@breakwater/app/incidents/kept';
import {
  type Incident,
  type IncidentPage,
  type IncidentQuery,
  type IncidentSummary,
  SEVERITIES,
} from '@breakwater/model';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { countRows } from '../count.ts';
import { parseDocument, readDocument, readDocuments } from '../documents.ts';

/** `%` and `_` mean themselves. */
const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** A page of incidents: open ones first, the gravest first, then the newest. A cursor is how many came before. */
export async function readIncidents(db: Kysely<Schema>, tenant: string, query: IncidentQuery): Promise<IncidentPage> {
  const all = db.selectFrom('incidents').where('tenant', '=', tenant);
  let rows = all;
  if (query.status) rows = rows.where('status', '=', query.status);
  if (query.severity) rows = rows.where('severity', '=', SEVERITIES.indexOf(query.severity));
  if (query.subject) rows = rows.where(sql<boolean>`subjects like ${`%\n${escaped(query.subject)}\n%`} escape '\\'`);
  if (query.namespace) rows = rows.where(sql<boolean>`subjects like ${`%\n${escaped(query.namespace)}/%`} escape '\\'`);
  if (query.search)
    rows = rows.where(sql<boolean>`search like ${`%${escaped(query.search.toLowerCase())}%`} escape '\\'`);
  const total = await countRows(rows);
  const before = Math.max(0, Number.parseInt(query.cursor ?? '0', 10) || 0);
  const found = await rows
    .select('summary')
    .orderBy('is_done')
    .orderBy('severity')
    .orderBy('last_seen', 'desc')
    .orderBy('id')
    .limit(query.limit)
    .offset(before)
    .execute();
  const next = before + found.length;
  return {
    items: found.map(({ summary }) => parseDocument<IncidentSummary>(summary)),
    total,
    open: await countRows(all.where('status', '=', 'open')),
    ...(next < total && found.length > 0 && { nextCursor: String(next) }),
  };
}

/** By its id, by one that it had, or by the beginning of just one. */
export async function readIncident(db: Kysely<Schema>, tenant: string, id: string): Promise<Incident | undefined> {
  const named = await db
    .selectFrom('incident_names')
    .select('incident')
    .where((eb) => eb.and({ tenant, id }))
    .executeTakeFirst();
  const wanted = named?.incident ?? id;
  const whole = await readDocument<Incident>(
    db
      .selectFrom('incidents')
      .select('document')
      .where((eb) => eb.and({ tenant, id: wanted })),
  );
  if (whole !== undefined || id.length < 3) return whole;
  const begun = await readDocuments<Incident>(
    db
      .selectFrom('incidents')
      .select('document')
      .where('tenant', '=', tenant)
      .where(sql<boolean>`id like ${`${escaped(id)}%`} escape '\\'`)
      .limit(2),
  );
  return begun.length === 1 ? begun[0] : undefined;
}

/** Exceptions that came of incidents, in force or not. */
export const readExceptions = (db: Kysely<Schema>, tenant: string): Promise<KeptException[]> =>
  readDocuments<KeptException>(
    db.selectFrom('incident_exceptions').select('document').where('tenant', '=', tenant).orderBy('name'),
  );

/** Keeps one under its name. */
export async function writeException(db: Kysely<Schema>, tenant: string, kept: KeptException): Promise<void> {
  const document = JSON.stringify(kept);
  await db
    .insertInto('incident_exceptions')
    .values({ tenant, name: kept.exception.metadata.name, document })
    .onConflict((c) => c.columns(['tenant', 'name']).doUpdateSet({ document }))
    .execute();
}
