import type { Kysely } from 'kysely';
import { type MigrationProvider, Migrator } from 'kysely/migration';
import type { Schema } from '../schema.ts';
import * as assessments from './0001-assessments.ts';
import * as registries from './0002-registries.ts';
import * as ingest from './0003-ingest.ts';
import * as behaviour from './0004-behaviour.ts';
import * as incidents from './0005-incidents.ts';
import * as clusters from './0006-clusters.ts';

const provider: MigrationProvider = {
  getMigrations: async () => ({
    '0001-assessments': assessments,
    '0002-registries': registries,
    '0003-ingest': ingest,
    '0004-behaviour': behaviour,
    '0005-incidents': incidents,
    '0006-clusters': clusters,
  }),
};

/** Brings the schema up to date; a failed migration is thrown and leaves the one before it in place. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
}
