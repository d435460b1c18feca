import { isInScope, type NamedScope } from '@breakwater/app/registries';
import type { WatchedScope, WatchTrouble } from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';
import { type NewJob, queueJobs } from './jobs.ts';

type Database = Kysely<Schema>;

/** Everything that is watched, by name. */
export async function readScopes(db: Database, tenant: string): Promise<NamedScope[]> {
  const rows = await db
    .selectFrom('watches')
    .select(['name', 'scope'])
    .where('tenant', '=', tenant)
    .orderBy('name')
    .execute();
  return rows.map(({ name, scope }) => ({ name, scope: parseDocument<WatchedScope>(scope) }));
}

/** Writes a scope and makes its first look due. What it no longer means is no longer followed. */
export async function saveScope(db: Database, tenant: string, named: NamedScope, now: string): Promise<void> {
  const { name, scope } = named;
  await db.transaction().execute(async (trx) => {
    const row = { scope: JSON.stringify(scope), registry: scope.registry };
    await trx
      .insertInto('watches')
      .values({ tenant, name, ...row, looked_at: '', trouble: '', paused_until: '' })
      .onConflict((c) => c.columns(['tenant', 'name']).doUpdateSet({ ...row, trouble: '', paused_until: '' }))
      .execute();
    const known = await repositoryNames(trx, tenant, name);
    await dropRepositories(
      trx,
      tenant,
      name,
      known.filter((repository) => !isInScope(scope, repository)),
    );
    const wanted = (scope.repositories ?? []).map((repository) => repository.name);
    await addRepositories(trx, tenant, named, wanted, () => now);
    if (scope.repositories === undefined) {
      await queueJobs(trx, tenant, [
        { kind: 'catalogue', watch: name, registry: scope.registry, repository: '', digest: '', due_at: now },
      ]);
    }
    // Tags to follow may be others now.
    await trx
      .updateTable('jobs')
      .set({ due_at: now, not_before: '' })
      .where((eb) => eb.and({ tenant, watch: name }))
      .where('kind', 'in', ['catalogue', 'repository'])
      .execute();
  });
}

/** Lets go of a scope with everything below it. */
export async function dropScope(db: Database, tenant: string, watch: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('watches')
      .where((eb) => eb.and({ tenant, name: watch }))
      .executeTakeFirst();
    for (const table of ['watched_repositories', 'watched_tags', 'jobs'] as const) {
      await trx
        .deleteFrom(table)
        .where((eb) => eb.and({ tenant, watch }))
        .execute();
    }
    return numDeletedRows > 0n;
  });
}

/** Follows repositories; those that are followed stay as they are. */
export async function addRepositories(
  db: Database,
  tenant: string,
  { name: watch, scope }: NamedScope,
  repositories: string[],
  due: (index: number) => string,
): Promise<void> {
  for (let at = 0; at < repositories.length; at += 500) {
    const rows = repositories.slice(at, at + 500).map((name) => ({ tenant, watch, name, looked_at: '', trouble: '' }));
    await db
      .insertInto('watched_repositories')
      .values(rows)
      .onConflict((c) => c.columns(['tenant', 'watch', 'name']).doNothing())
      .execute();
  }
  const jobs = repositories.map(
    (repository, index): NewJob => ({
      kind: 'repository',
      watch,
      registry: scope.registry,
      repository,
      digest: '',
      due_at: due(index),
    }),
  );
  await queueJobs(db, tenant, jobs);
}

/** What a catalogue lists now: new repositories are followed, those that are gone keep their tags as gone. */
export async function saveCatalogue(
  db: Database,
  tenant: string,
  watch: string,
  repositories: string[],
  now: string,
  due: (index: number) => string,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await noteLook(trx, tenant, { watch }, now);
    const scope = (await readScopes(trx, tenant)).find(({ name }) => name === watch);
    if (!scope) return;
    await addRepositories(trx, tenant, scope, repositories, due);
    const listed = new Set(repositories);
    const gone = (await repositoryNames(trx, tenant, watch)).filter((name) => !listed.has(name));
    for (const repository of gone) {
      await trx
        .updateTable('watched_tags')
        .set({ state: 'gone', gone_at: now })
        .where((eb) => eb.and({ tenant, watch, repository, gone_at: '' }))
        .execute();
    }
  });
}

/** Writes when a registry or a repository was looked at, and what was the matter. */
export async function noteLook(
  db: Database,
  tenant: string,
  { watch, repository }: { watch: string; repository?: string },
  now: string,
  trouble?: WatchTrouble,
): Promise<void> {
  const set = trouble ? { trouble: JSON.stringify(trouble) } : { looked_at: now, trouble: '' };
  if (repository === undefined) {
    await db
      .updateTable('watches')
      .set(set)
      .where((eb) => eb.and({ tenant, name: watch }))
      .execute();
    return;
  }
  await db
    .updateTable('watched_repositories')
    .set(set)
    .where((eb) => eb.and({ tenant, watch, name: repository }))
    .execute();
}

async function repositoryNames(db: Database, tenant: string, watch: string): Promise<string[]> {
  const rows = await db
    .selectFrom('watched_repositories')
    .select('name')
    .where((eb) => eb.and({ tenant, watch }))
    .execute();
  return rows.map(({ name }) => name);
}

async function dropRepositories(db: Database, tenant: string, watch: string, names: string[]): Promise<void> {
  for (const name of names) {
    await db
      .deleteFrom('watched_repositories')
      .where((eb) => eb.and({ tenant, watch, name }))
      .execute();
    for (const table of ['watched_tags', 'jobs'] as const) {
      await db
        .deleteFrom(table)
        .where((eb) => eb.and({ tenant, watch, repository: name }))
        .execute();
    }
  }
}
