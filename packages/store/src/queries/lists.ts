import { decodeCursor, encodeCursor, type FindingScope } from '@breakwater/app/assessment';
import type { FindingPage, ImagePage, ListQuery, WorkloadPage } from '@breakwater/model';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { countRows } from './count.ts';
import { parseDocument } from './documents.ts';

/** Rows whose search text holds `text`; `%` and `_` mean themselves. */
function contains(text: string) {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`search like ${pattern} escape '\\'`;
}

/** One page of workloads, riskiest first. */
export async function readWorkloads(db: Kysely<Schema>, tenant: string, query: ListQuery): Promise<WorkloadPage> {
  let rows = db.selectFrom('workloads').where('tenant', '=', tenant);
  if (query.cluster) rows = rows.where('cluster', '=', query.cluster);
  if (query.namespace) rows = rows.where('namespace', '=', query.namespace);
  if (query.search) rows = rows.where(contains(query.search));
  const total = await countRows(rows);
  if (query.cursor) rows = rows.where('rank', '>', Number(decodeCursor(query.cursor, 1)[0]));
  const found = await rows
    .select(['rank', 'ranked'])
    .orderBy('rank')
    .limit(query.limit + 1)
    .execute();
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({
      ...parseDocument<WorkloadPage['items'][number]>(row.ranked),
      rank: row.rank,
    })),
    total,
    ...(found.length > page.length && last ? { nextCursor: encodeCursor([last.rank]) } : {}),
  };
}

/** One page of images by id. */
export async function readImages(db: Kysely<Schema>, tenant: string, query: ListQuery): Promise<ImagePage> {
  let rows = db.selectFrom('images').where('tenant', '=', tenant);
  if (query.search) rows = rows.where(contains(query.search));
  const total = await countRows(rows);
  if (query.cursor) rows = rows.where('id', '>', String(decodeCursor(query.cursor, 1)[0]));
  const found = await rows
    .select(['id', 'summary'])
    .orderBy('id')
    .limit(query.limit + 1)
    .execute();
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => parseDocument<ImagePage['items'][number]>(row.summary)),
    total,
    ...(found.length > page.length && last ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** One page of open findings, those that matter first, then by severity and key. */
export async function readFindings(
  db: Kysely<Schema>,
  tenant: string,
  query: ListQuery & FindingScope,
): Promise<FindingPage> {
  let rows = db.selectFrom('findings').where('tenant', '=', tenant).where('closed_at', '=', '');
  if (query.workload) rows = rows.where('workload', '=', query.workload);
  if (query.image) rows = rows.where('image', '=', query.image);
  if (query.rule) rows = rows.where('rule', '=', query.rule);
  if (query.cluster) rows = rows.where('cluster', '=', query.cluster);
  if (query.namespace) rows = rows.where('namespace', '=', query.namespace);
  if (query.search) rows = rows.where(contains(query.search));
  const total = await countRows(rows);
  if (query.cursor) {
    const [quiet, severity, key] = decodeCursor(query.cursor, 3);
    rows = rows.where(sql<boolean>`(quiet, severity, key) > (${Number(quiet)}, ${Number(severity)}, ${String(key)})`);
  }
  const found = await rows
    .select(['quiet', 'severity', 'key', 'document'])
    .orderBy('quiet')
    .orderBy('severity')
    .orderBy('key')
    .limit(query.limit + 1)
    .execute();
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => parseDocument<FindingPage['items'][number]>(row.document)),
    total,
    ...(found.length > page.length && last ? { nextCursor: encodeCursor([last.quiet, last.severity, last.key]) } : {}),
  };
}
