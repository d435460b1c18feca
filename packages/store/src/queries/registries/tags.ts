import type { Job, StoredTag, TagChanges } from '@breakwater/app/registries';
import type { RegistryEvent, WatchTrouble } from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { RowOf, Schema } from '../../schema.ts';
import { tellEvents } from './events.ts';
import { queueJobs } from './jobs.ts';
import { noteLook } from './scopes.ts';

type Database = Kysely<Schema>;
type TagRow = RowOf<'watched_tags'>;

/** Tags of a repository as the last look left them. */
export async function readTags(db: Database, tenant: string, watch: string, repository: string): Promise<StoredTag[]> {
  const rows = await db
    .selectFrom('watched_tags')
    .select(['tag', 'digest', 'image', 'gone_at'])
    .where((eb) => eb.and({ tenant, watch, repository }))
    .execute();
  return rows.map(({ tag, digest, image, gone_at }) => ({ tag, digest, image, gone: gone_at !== '' }));
}

/** Writes what a look found, tells what is new, moved or gone, and queues images that are not known. */
export async function saveTags(
  db: Database,
  tenant: string,
  job: Job,
  platform: string,
  changes: TagChanges,
  now: string,
): Promise<void> {
  const { watch, repository, registry } = job;
  await db.transaction().execute(async (trx) => {
    const before = await trx
      .updateTable('watched_repositories')
      .set({ trouble: '' })
      .where((eb) => eb.and({ tenant, watch, name: repository }))
      .returning('looked_at')
      .executeTakeFirst();
    // Let go of meanwhile.
    if (!before) return;
    await noteLook(trx, tenant, { watch, repository }, now);
    const rows = await trx
      .selectFrom('watched_tags')
      .selectAll()
      .where((eb) => eb.and({ tenant, watch, repository }))
      .execute();
    const stored = new Map(rows.map((row) => [row.tag, row]));
    const known = await imagesOfDigests(
      trx,
      tenant,
      platform,
      changes.present.map(({ digest }) => digest),
    );
    const events: RegistryEvent[] = [];
    const written: TagRow[] = [];
    for (const { tag, digest } of changes.present) {
      const old = stored.get(tag);
      const image = known.get(digest) ?? '';
      if (
        old?.digest === digest &&
        old.gone_at === '' &&
        old.platform === platform &&
        (old.image !== '' || image === '')
      )
        continue;
      const reference = `${registry}/${repository}:${tag}`;
      const moved = old !== undefined && old.digest !== digest;
      written.push({
        tenant,
        watch,
        repository,
        tag,
        reference,
        digest,
        platform,
        image,
        state: image === '' ? 'waiting' : 'read',
        since: old?.since ?? now,
        moved_at: moved ? now : (old?.moved_at ?? ''),
        gone_at: '',
        trouble: '',
      });
      if (old === undefined && before.looked_at !== '') events.push(tagEvent(now, 'tag-new', reference, 'appeared'));
      if (moved) {
        const words = `was moved from ${short(old.digest)} to ${short(digest)}`;
        events.push(tagEvent(now, 'tag-moved', reference, words));
      }
    }
    await writeTags(trx, written);
    const waiting = written.filter(({ state }) => state === 'waiting').map(({ digest }) => digest);
    await queueJobs(
      trx,
      tenant,
      [...new Set(waiting)].map((digest) => ({ kind: 'image', watch, registry, repository, digest, due_at: now })),
    );
    for (const tag of changes.gone) {
      const { numUpdatedRows } = await trx
        .updateTable('watched_tags')
        .set({ state: 'gone', gone_at: now })
        .where((eb) => eb.and({ tenant, watch, repository, tag, gone_at: '' }))
        .executeTakeFirst();
      const reference = `${registry}/${repository}:${tag}`;
      if (numUpdatedRows > 0n) events.push(tagEvent(now, 'tag-gone', reference, 'is gone from the registry'));
    }
    for (const tag of changes.left) {
      await trx
        .deleteFrom('watched_tags')
        .where((eb) => eb.and({ tenant, watch, repository, tag }))
        .execute();
    }
    await tellEvents(trx, tenant, events);
  });
}

async function writeTags(db: Database, rows: TagRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 500) {
    await db
      .insertInto('watched_tags')
      .values(rows.slice(at, at + 500))
      .onConflict((c) =>
        c.columns(['tenant', 'watch', 'repository', 'tag']).doUpdateSet((eb) => ({
          digest: eb.ref('excluded.digest'),
          platform: eb.ref('excluded.platform'),
          image: eb.ref('excluded.image'),
          state: eb.ref('excluded.state'),
          moved_at: eb.ref('excluded.moved_at'),
          gone_at: eb.ref('excluded.gone_at'),
          trouble: eb.ref('excluded.trouble'),
        })),
      )
      .execute();
  }
}

/** Which of some digests give an image that is known. */
async function imagesOfDigests(
  db: Database,
  tenant: string,
  platform: string,
  digests: string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const unique = [...new Set(digests)];
  for (let at = 0; at < unique.length; at += 500) {
    const rows = await db
      .selectFrom('known_digests')
      .select(['digest', 'image'])
      .where((eb) => eb.and({ tenant, platform }))
      .where('digest', 'in', unique.slice(at, at + 500))
      .execute();
    for (const { digest, image } of rows) found.set(digest, image);
  }
  return found;
}

/** Writes that the image of a digest could not be read. */
export async function failTags(db: Database, tenant: string, job: Job, trouble: WatchTrouble): Promise<void> {
  const { watch, repository, digest } = job;
  await db
    .updateTable('watched_tags')
    .set({ state: 'failed', trouble: JSON.stringify(trouble) })
    .where((eb) => eb.and({ tenant, watch, repository, digest, gone_at: '' }))
    .execute();
}

/** References of a digest in its repository, in order. */
export async function readReferences(db: Database, tenant: string, job: Job): Promise<string[]> {
  const { watch, repository, digest } = job;
  const rows = await db
    .selectFrom('watched_tags')
    .select('reference')
    .where((eb) => eb.and({ tenant, watch, repository, digest, gone_at: '' }))
    .orderBy('reference')
    .execute();
  return rows.map(({ reference }) => reference);
}

const short = (digest: string) => digest.slice(0, 19);

function tagEvent(time: string, kind: RegistryEvent['kind'], subject: string, words: string): RegistryEvent {
  return { time, kind, subject, sentence: `${subject} ${words}` };
}
