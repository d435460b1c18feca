import type { Kysely } from 'kysely';

/** Watched registries with their tags, what is known of images, what is due, and which images workloads name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const texts = async (table: string, key: string[], columns: string[], integers: string[] = []) => {
    let made = db.schema.createTable(table).addColumn('tenant', 'text', (c) => c.notNull());
    for (const column of columns) made = made.addColumn(column, 'text', (c) => c.notNull());
    for (const column of integers) made = made.addColumn(column, 'integer', (c) => c.notNull());
    await made.addPrimaryKeyConstraint(`${table}_key`, ['tenant', ...key] as never[]).execute();
  };
  const index = async (table: string, name: string, columns: string[]) => {
    await db.schema
      .createIndex(`${table}_${name}`)
      .on(table)
      .columns(['tenant', ...columns])
      .execute();
  };
  await texts('watches', ['name'], ['name', 'registry', 'scope', 'looked_at', 'trouble', 'paused_until']);
  await texts('watched_repositories', ['watch', 'name'], ['watch', 'name', 'looked_at', 'trouble']);
  await texts(
    'watched_tags',
    ['watch', 'repository', 'tag'],
    [
      'watch',
      'repository',
      'tag',
      'reference',
      'digest',
      'platform',
      'image',
      'state',
      'since',
      'moved_at',
      'gone_at',
      'trouble',
    ],
  );
  await index('watched_tags', 'digest', ['digest', 'platform']);
  await index('watched_tags', 'image', ['image']);
  await index('watched_tags', 'reference', ['reference']);
  await texts('known_digests', ['digest', 'platform'], ['digest', 'platform', 'image']);
  await index('known_digests', 'image', ['image']);
  await texts(
    'known_images',
    ['id'],
    ['id', 'created', 'end_of_life', 'judged_with', 'judged_at', 'summary', 'document', 'judgement', 'digest'],
    ['worst'],
  );
  await index('known_images', 'judged', ['judged_with', 'id']);
  await texts(
    'image_findings',
    ['image', 'key'],
    ['image', 'key', 'rule', 'opened_at', 'opened_with', 'closed_at', 'closed_with'],
    ['severity'],
  );
  await index('image_findings', 'opened', ['opened_with', 'rule']);
  await index('image_findings', 'closed', ['closed_with', 'rule']);
  await texts('registry_events', ['time', 'kind', 'subject'], ['time', 'kind', 'subject', 'document']);
  await texts('image_uses', ['name', 'workload'], ['name', 'workload']);
  await texts(
    'jobs',
    ['id'],
    [
      'id',
      'kind',
      'watch',
      'registry',
      'repository',
      'digest',
      'state',
      'due_at',
      'not_before',
      'worker',
      'claimed_at',
      'held_until',
    ],
    ['attempts'],
  );
  await index('jobs', 'due', ['state', 'due_at']);
}
