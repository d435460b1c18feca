import type { Job, JobKind } from '@breakwater/app/registries';
import { type Kysely, sql } from 'kysely';
import type { RowOf, Schema } from '../../schema.ts';

type Database = Kysely<Schema>;

/** A piece of work to queue. */
export type NewJob = Pick<RowOf<'jobs'>, 'kind' | 'watch' | 'registry' | 'repository' | 'digest'> & { due_at: string };

/** What tells a piece of work from every other, so that it is queued once. */
export function jobId({ kind, watch, repository, digest }: Omit<NewJob, 'due_at' | 'registry'>): string {
  return JSON.stringify([kind, watch, repository, digest]);
}

/** Queues work; what is queued already stays as it is. */
export async function queueJobs(db: Database, tenant: string, jobs: NewJob[]): Promise<void> {
  for (let at = 0; at < jobs.length; at += 500) {
    const rows = jobs.slice(at, at + 500).map(
      (job): RowOf<'jobs'> => ({
        ...job,
        tenant,
        id: jobId(job),
        state: 'queued',
        not_before: '',
        worker: '',
        claimed_at: '',
        held_until: '',
        attempts: 0,
      }),
    );
    await db
      .insertInto('jobs')
      .values(rows)
      .onConflict((c) => c.columns(['tenant', 'id']).doNothing())
      .execute();
  }
}

/**
 * Claims the piece of work that is due longest. The condition on the state stands outside too: without it two workers of
 * PostgreSQL get the same row.
 */
export async function claimJob(
  db: Database,
  tenant: string,
  kinds: readonly JobKind[],
  now: string,
  worker: string,
  until: string,
): Promise<Job | undefined> {
  const row = await db
    .updateTable('jobs')
    .set({ state: 'running', worker, claimed_at: now, held_until: until })
    .where('tenant', '=', tenant)
    .where('state', '=', 'queued')
    .where('id', '=', (eb) =>
      eb
        .selectFrom('jobs')
        .select('id')
        .where('tenant', '=', tenant)
        .where('state', '=', 'queued')
        .where('kind', 'in', kinds)
        .where('due_at', '<=', now)
        .where('not_before', '<=', now)
        .where('registry', 'not in', (paused) =>
          paused
            .selectFrom('watches')
            .select('watches.registry')
            .where('watches.tenant', '=', tenant)
            .where('paused_until', '>', now),
        )
        .orderBy('due_at')
        .orderBy('id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst();
  if (!row) return undefined;
  const { id, kind, watch, registry, repository, digest, attempts, claimed_at } = row;
  return { id, kind, watch, registry, repository, digest, attempts, claimedAt: claimed_at };
}

/** Holds all that a worker claimed. */
export async function holdJobs(db: Database, tenant: string, worker: string, until: string): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ held_until: until })
    .where((eb) => eb.and({ tenant, worker, state: 'running' }))
    .execute();
}

/** Queues again what nobody holds any more. */
export async function releaseJobs(db: Database, tenant: string, now: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ state: 'queued', worker: '' })
    .where('tenant', '=', tenant)
    .where('state', '=', 'running')
    .where('held_until', '<', now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Ends work: due again at `next`, or at once where somebody asked for it meanwhile; without `next` it is over. */
export async function finishJob(
  db: Database,
  tenant: string,
  job: Job,
  { next, failed = false }: { next?: string; failed?: boolean },
): Promise<void> {
  const own = { tenant, id: job.id };
  if (next === undefined) {
    await db
      .deleteFrom('jobs')
      .where((eb) => eb.and(own))
      .execute();
    return;
  }
  await db
    .updateTable('jobs')
    .set({
      state: 'queued',
      worker: '',
      attempts: failed ? job.attempts + 1 : 0,
      not_before: failed ? next : '',
      due_at: failed ? next : sql<string>`case when due_at > claimed_at then due_at else ${next} end`,
    })
    .where((eb) => eb.and(own))
    .execute();
}

/** Lets no work on a registry begin before a time, of whatever scope. */
export async function pauseRegistry(db: Database, tenant: string, registry: string, until: string): Promise<void> {
  await db
    .updateTable('watches')
    .set({ paused_until: until })
    .where((eb) => eb.and({ tenant, registry }))
    .where('paused_until', '<', until)
    .execute();
}

/** Makes looks due now. */
export async function hastenJobs(
  db: Database,
  tenant: string,
  where: { watch: string; repository?: string },
  now: string,
  force: boolean,
): Promise<number> {
  if (force) {
    await db
      .updateTable('watches')
      .set({ paused_until: '' })
      .where('tenant', '=', tenant)
      .where('registry', 'in', (eb) =>
        eb
          .selectFrom('watches as w')
          .select('w.registry')
          .where('w.tenant', '=', tenant)
          .where('w.name', '=', where.watch),
      )
      .execute();
  }
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ due_at: now, ...(force ? { not_before: '' } : {}) })
    .where((eb) => eb.and({ tenant, ...where }))
    .where('kind', 'in', where.repository === undefined ? ['catalogue', 'repository'] : ['repository'])
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
