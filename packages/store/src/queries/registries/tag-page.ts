import { decodeCursor, encodeCursor } from '@breakwater/app/assessment';
import type { KnownImage, WatchedTag, WatchedTagPage, WatchedTagQuery, WatchTrouble } from '@breakwater/model';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';
import { isEndOfLife, isUnused } from './conditions.ts';

type Database = Kysely<Schema>;

/** Workloads that a line names. */
const WORKLOADS_SHOWN = 20;

/** What each order sorts by before the reference, as text that sorts so. Unread images come last. */
const ORDERS: Record<WatchedTagQuery['sort'], RawBuilder<string>> = {
  name: sql<string>`substr(t.tag, 1, 0)`,
  worst: sql<string>`cast(coalesce(i.worst, 9) as text)`,
  age: sql<string>`case when coalesce(i.created, '') = '' then '9999' else i.created end`,
  since: sql<string>`case when t.moved_at > t.since then t.moved_at else t.since end`,
};

/** One page of watched tags. */
export async function readTagPage(
  db: Database,
  tenant: string,
  query: WatchedTagQuery,
  now: string,
): Promise<WatchedTagPage> {
  const { search, registry, state, only, sort, limit, cursor } = query;
  let rows = db
    .selectFrom('watched_tags as t')
    .leftJoin('known_images as i', (join) => join.onRef('i.tenant', '=', 't.tenant').onRef('i.id', '=', 't.image'))
    .where('t.tenant', '=', tenant);
  if (registry) rows = rows.where('t.watch', '=', registry);
  if (state) rows = rows.where('t.state', '=', state);
  if (only) rows = rows.where('t.gone_at', '=', '').where(only === 'unused' ? isUnused() : isEndOfLife(now));
  if (search) {
    const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    rows = rows.where(sql<boolean>`lower(t.reference) like ${pattern} escape '\\'`);
  }
  const { count } = await rows.select((eb) => eb.fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow();
  const order = ORDERS[sort];
  const descends = sort === 'since';
  const compare = descends ? sql`<` : sql`>`;
  if (cursor) {
    const [value, reference, watch] = decodeCursor(cursor, 3).map(String);
    rows = rows.where(sql<boolean>`(${order}, t.reference, t.watch) ${compare} (${value}, ${reference}, ${watch})`);
  }
  const found = await rows
    .select(['t.reference', 't.repository', 't.tag', 't.digest', 't.image', 't.state', 't.since', 't.watch'])
    .select(['t.moved_at', 't.gone_at', 't.trouble', 'i.summary', order.as('position')])
    .orderBy(order, descends ? 'desc' : 'asc')
    .orderBy('t.reference', descends ? 'desc' : 'asc')
    .orderBy('t.watch', descends ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute();
  const page = found.slice(0, limit);
  const workloads = await readUsers(db, tenant, page);
  const last = page.at(-1);
  return {
    items: page.map((row): WatchedTag => {
      const { reference, repository, tag, digest, state: stands, since, moved_at, gone_at, trouble, summary } = row;
      return {
        reference,
        registry: reference.slice(0, reference.length - repository.length - tag.length - 2),
        repository,
        tag,
        digest,
        state: stands,
        since,
        ...(moved_at ? { movedAt: moved_at } : {}),
        ...(gone_at ? { goneAt: gone_at } : {}),
        ...(trouble ? { trouble: parseDocument<WatchTrouble>(trouble) } : {}),
        ...(summary ? { image: parseDocument<KnownImage>(summary) } : {}),
        workloads: [...(workloads.get(row) ?? [])].sort().slice(0, WORKLOADS_SHOWN),
      };
    }),
    total: Number(count),
    ...(found.length > page.length && last
      ? { nextCursor: encodeCursor([last.position, last.reference, last.watch]) }
      : {}),
  };
}

type TagNames = { reference: string; digest: string; image: string };

/** Workloads that run each of some tags, by any name of theirs. */
async function readUsers<T extends TagNames>(db: Database, tenant: string, rows: T[]): Promise<Map<T, Set<string>>> {
  const images = [...new Set(rows.map(({ image }) => image).filter((image) => image !== ''))];
  const digests =
    images.length === 0
      ? []
      : await db
          .selectFrom('known_digests')
          .select(['digest', 'image'])
          .where('tenant', '=', tenant)
          .where('image', 'in', images)
          .execute();
  const digestsOf = Map.groupBy(digests, ({ image }) => image);
  const namesOf = (row: T) => [
    row.reference,
    row.digest,
    ...(row.image === '' ? [] : [row.image]),
    ...(digestsOf.get(row.image) ?? []).map(({ digest }) => digest),
  ];
  const names = [...new Set(rows.flatMap(namesOf))];
  const users = new Map<string, string[]>();
  for (let at = 0; at < names.length; at += 500) {
    const uses = await db
      .selectFrom('image_uses')
      .select(['name', 'workload'])
      .where('tenant', '=', tenant)
      .where('name', 'in', names.slice(at, at + 500))
      .execute();
    for (const { name, workload } of uses) users.set(name, [...(users.get(name) ?? []), workload]);
  }
  return new Map(rows.map((row) => [row, new Set(namesOf(row).flatMap((name) => users.get(name) ?? []))]));
}
