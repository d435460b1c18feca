import {
  type RankedFix,
  type RankedWorkload,
  type Ranking,
  SCHEMA_VERSION,
  type Summary,
  type Unknown,
} from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import { countRows } from './count.ts';
import { parseDocument, readDocument, readDocuments } from './documents.ts';

/** A ranking without its lists, as an assessment's row keeps it. */
export type Headline = Omit<Ranking, 'workloads' | 'fixes' | 'unknowns'> &
  Pick<Summary, 'scopes' | 'running' | 'unreadImages'> & { paths: string[] };

/** Readings that the trend shows. */
const TREND_LENGTH = 60;

/** The newest assessment's headline. */
export function readHeadline(db: Kysely<Schema>, tenant: string): Promise<Headline | undefined> {
  return readDocument<Headline>(
    db.selectFrom('assessments').select('document').where('tenant', '=', tenant).orderBy('time', 'desc').limit(1),
  );
}

/** Headline of the newest assessment with the history of its loss. */
export async function readSummary(db: Kysely<Schema>, tenant: string): Promise<Summary | undefined> {
  const newest = await readHeadline(db, tenant);
  if (!newest) return undefined;
  const { paths, ...headline } = newest;
  const history = await db
    .selectFrom('assessments')
    .select(['time', 'loss'])
    .where('tenant', '=', tenant)
    .orderBy('time', 'desc')
    .limit(TREND_LENGTH)
    .execute();
  const fixes = await db.selectFrom('fixes').select('fix').where('tenant', '=', tenant).orderBy('n').limit(5).execute();
  return {
    ...headline,
    clusters: headline.scopes?.length ?? 0,
    workloads: await countRows(db.selectFrom('workloads').where('tenant', '=', tenant)),
    images: await countRows(db.selectFrom('images').where('tenant', '=', tenant)),
    unknowns: await countRows(db.selectFrom('unknowns').where('tenant', '=', tenant)),
    topFixes: fixes.map(({ fix }) => parseDocument<RankedFix>(fix)),
    trend: history.reverse(),
  };
}

/** The newest ranking whole, as `rank --output json` prints it. */
export async function readRanking(db: Kysely<Schema>, tenant: string): Promise<Ranking | undefined> {
  const headline = await readHeadline(db, tenant);
  if (!headline) return undefined;
  const { paths, scopes, running, unreadImages, ...rest } = headline;
  const workloads = await db
    .selectFrom('workloads')
    .select('ranked')
    .where('tenant', '=', tenant)
    .orderBy('rank')
    .execute();
  const fixes = await db.selectFrom('fixes').select('fix').where('tenant', '=', tenant).orderBy('n').execute();
  const unknowns = await readDocuments<Unknown>(
    db.selectFrom('unknowns').select('document').where('tenant', '=', tenant).orderBy('position'),
  );
  return {
    ...rest,
    schemaVersion: SCHEMA_VERSION,
    workloads: workloads.map(({ ranked }) => parseDocument<RankedWorkload>(ranked)),
    fixes: fixes.map(({ fix }) => parseDocument<RankedFix>(fix)),
    unknowns,
  };
}
