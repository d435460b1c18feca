import type { RegistryList, RegistrySprawl, WatchedRegistry, WatchedScope, WatchTrouble } from '@breakwater/model';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';
import { countRows } from '../count.ts';
import { parseDocument } from '../documents.ts';
import { isEndOfLife, isUnused } from './conditions.ts';

type Database = Kysely<Schema>;

/** Repositories that the table of sprawl names. */
const SPRAWL_SHOWN = 100;

/** Every watched registry with its state and figures. */
export async function readRegistries(db: Database, tenant: string, newest: string): Promise<RegistryList> {
  const watches = await db.selectFrom('watches').selectAll().where('tenant', '=', tenant).orderBy('name').execute();
  const repositories = await db
    .selectFrom('watched_repositories')
    .select((eb) => [
      'watch',
      eb.fn.countAll<number | string>().as('count'),
      sql<number | string>`sum(case when trouble != '' then 1 else 0 end)`.as('troubled'),
    ])
    .where('tenant', '=', tenant)
    .groupBy('watch')
    .execute();
  const tags = await db
    .selectFrom('watched_tags')
    .select([
      'watch',
      sql<number | string>`sum(case when state != 'gone' then 1 else 0 end)`.as('count'),
      sql<number | string>`sum(case when state = 'waiting' then 1 else 0 end)`.as('waiting'),
    ])
    .where('tenant', '=', tenant)
    .groupBy('watch')
    .execute();
  const due = await db
    .selectFrom('jobs')
    .select(['watch', sql<string>`min(case when not_before > due_at then not_before else due_at end)`.as('next')])
    .where('tenant', '=', tenant)
    .where('kind', 'in', ['catalogue', 'repository'])
    .groupBy('watch')
    .execute();
  const judged = await db
    .selectFrom('known_images')
    .select((eb) => [
      eb.fn.countAll<number | string>().as('count'),
      eb.fn.min('judged_at').as('oldest'),
      sql<number | string | null>`sum(case when judged_with < ${newest} then 1 else 0 end)`.as('stale'),
    ])
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow();
  const [repositoriesOf, tagsOf, dueOf] = [repositories, tags, due].map(
    (rows) => new Map((rows as { watch: string }[]).map((row) => [row.watch, row])),
  ) as [
    Map<string, (typeof repositories)[number]>,
    Map<string, (typeof tags)[number]>,
    Map<string, (typeof due)[number]>,
  ];
  return {
    items: watches.map(({ name, scope, looked_at, trouble, paused_until }): WatchedRegistry => {
      const due = dueOf.get(name)?.next;
      const next = due && paused_until > due ? paused_until : due;
      return {
        name,
        scope: parseDocument<WatchedScope>(scope),
        ...(looked_at ? { lookedAt: looked_at } : {}),
        ...(next ? { nextLook: next } : {}),
        ...(trouble ? { trouble: parseDocument<WatchTrouble>(trouble) } : {}),
        repositories: Number(repositoriesOf.get(name)?.count ?? 0),
        troubled: Number(repositoriesOf.get(name)?.troubled ?? 0),
        tags: Number(tagsOf.get(name)?.count ?? 0),
        waiting: Number(tagsOf.get(name)?.waiting ?? 0),
      };
    }),
    images: Number(judged.count),
    ...(judged.oldest ? { judgedAt: judged.oldest } : {}),
    unjudged: Number(judged.stale ?? 0),
  };
}

/** What gathered that nobody needs. */
export async function readSprawl(db: Database, tenant: string, now: string): Promise<RegistrySprawl> {
  const standing = db.selectFrom('watched_tags as t').where('t.tenant', '=', tenant).where('t.gone_at', '=', '');
  const rows = await standing
    .leftJoin('known_images as i', (join) => join.onRef('i.tenant', '=', 't.tenant').onRef('i.id', '=', 't.image'))
    .select((eb) => [
      't.watch',
      't.repository',
      sql<string>`min(w.registry)`.as('registry'),
      eb.fn.countAll<number | string>().as('tags'),
      sql<number | string>`sum(case when ${isUnused()} then 1 else 0 end)`.as('unused'),
      sql<number | string>`sum(case when ${isEndOfLife(now)} then 1 else 0 end)`.as('ended'),
      sql<string | null>`min(case when i.created != '' then i.created || ' ' || t.tag end)`.as('oldest'),
    ])
    .innerJoin('watches as w', (join) => join.onRef('w.tenant', '=', 't.tenant').onRef('w.name', '=', 't.watch'))
    .groupBy(['t.watch', 't.repository'])
    .execute();
  const repositories = rows
    .map(({ registry, repository, tags, unused, ended, oldest }) => ({
      name: `${registry}/${repository}`,
      tags: Number(tags),
      unused: Number(unused),
      endOfLife: Number(ended),
      ...(oldest ? { oldest: oldest.split(' ')[0] as string, oldestTag: oldest.split(' ')[1] as string } : {}),
    }))
    .sort((a, b) => b.unused - a.unused || b.tags - a.tags || (a.name < b.name ? -1 : 1));
  const sum = (key: 'tags' | 'unused' | 'endOfLife') => repositories.reduce((total, row) => total + row[key], 0);
  return {
    tags: sum('tags'),
    unused: sum('unused'),
    endOfLife: sum('endOfLife'),
    gone: await countRows(db.selectFrom('watched_tags').where('tenant', '=', tenant).where('gone_at', '!=', '')),
    repositories: repositories.slice(0, SPRAWL_SHOWN),
  };
}
