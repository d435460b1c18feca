import type { Kysely } from 'kysely';

/** The first schema: one newest assessment per tenant, the history of its loss, and findings followed over time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('assessments')
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('time', 'text', (c) => c.notNull())
    .addColumn('loss', 'double precision', (c) => c.notNull())
    .addColumn('document', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('assessments_key', ['tenant', 'time'])
    .execute();
  await db.schema
    .createTable('workloads')
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('cluster', 'text', (c) => c.notNull())
    .addColumn('namespace', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('search', 'text', (c) => c.notNull())
    .addColumn('ranked', 'text', (c) => c.notNull())
    .addColumn('document', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('workloads_key', ['tenant', 'id'])
    .execute();
  await db.schema.createIndex('workloads_rank').on('workloads').columns(['tenant', 'rank']).execute();
  await db.schema
    .createTable('images')
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('search', 'text', (c) => c.notNull())
    .addColumn('summary', 'text', (c) => c.notNull())
    .addColumn('document', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('images_key', ['tenant', 'id'])
    .execute();
  await createFindings(db);
  await db.schema
    .createTable('fixes')
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('fix', 'text', (c) => c.notNull())
    .addColumn('document', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('fixes_key', ['tenant', 'n'])
    .execute();
  for (const [table, column, type] of [
    ['unknowns', 'position', 'integer'],
    ['policies', 'name', 'text'],
  ] as const) {
    await db.schema
      .createTable(table)
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn(column, type, (c) => c.notNull())
      .addColumn('document', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['tenant', column])
      .execute();
  }
  await db.schema
    .createTable('documents')
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('document', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('documents_key', ['tenant', 'kind', 'name'])
    .execute();
}

async function createFindings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('findings')
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('cluster', 'text', (c) => c.notNull())
    .addColumn('namespace', 'text', (c) => c.notNull())
    .addColumn('workload', 'text', (c) => c.notNull())
    .addColumn('image', 'text', (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('search', 'text', (c) => c.notNull())
    .addColumn('quiet', 'integer', (c) => c.notNull())
    .addColumn('severity', 'integer', (c) => c.notNull())
    .addColumn('opened_at', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .addColumn('closed_at', 'text', (c) => c.notNull())
    .addColumn('document', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('findings_key', ['tenant', 'key'])
    .execute();
  await db.schema
    .createIndex('findings_order')
    .on('findings')
    .columns(['tenant', 'closed_at', 'quiet', 'severity', 'key'])
    .execute();
  await db.schema
    .createIndex('findings_workload')
    .on('findings')
    .columns(['tenant', 'workload', 'closed_at', 'quiet', 'severity', 'key'])
    .execute();
  await db.schema
    .createIndex('findings_image')
    .on('findings')
    .columns(['tenant', 'image', 'closed_at', 'quiet', 'severity', 'key'])
    .execute();
  await db.schema
    .createIndex('findings_rule')
    .on('findings')
    .columns(['tenant', 'rule', 'closed_at', 'quiet', 'severity', 'key'])
    .execute();
}
