import type { AssessedImage, AssessedWorkload, AssessmentStore, PreparedFix } from '@breakwater/app/assessment';
import type { IncidentStore } from '@breakwater/app/incidents/kept';
import type { IngestStore } from '@breakwater/app/ingest/kept';
import type { BehaviourStore } from '@breakwater/app/profiles/kept';
import type { RegistryStore } from '@breakwater/app/registries';
import type { Finding, PolicySummary, Unknown } from '@breakwater/model';
import { type Dialect, Kysely } from 'kysely';
import { postgresqlDialect } from './dialects/postgresql.ts';
import { sqliteDialect } from './dialects/sqlite.ts';
import { migrate } from './migrations/index.ts';
import { bindBehaviour } from './queries/behaviour/bind.ts';
import { ToldLately } from './queries/behaviour/told-lately.ts';
import { readDocument, readDocuments } from './queries/documents.ts';
import { readHeadline, readRanking, readSummary } from './queries/headline.ts';
import { bindIncidents } from './queries/incidents/bind.ts';
import { bindIngest } from './queries/ingest/bind.ts';
import { readFindings, readImages, readWorkloads } from './queries/lists.ts';
import { bindRegistries } from './queries/registries/bind.ts';
import { saveAssessment } from './queries/save.ts';
import type { Schema } from './schema.ts';

export interface StoreOptions {
  /** PostgreSQL connection string; without one the store is an SQLite file. */
  databaseUrl?: string | undefined;
  /** Path of the SQLite file, or `:memory:`. */
  path: string;
  /** Whose rows are read and written. */
  tenant?: string;
  /** Runs SQLite on threads of its own: for a process that has to go on answering. */
  apart?: boolean;
}

/** Assessments, registries and what ingest takes in one database. */
export interface EstateStore extends AssessmentStore {
  registries: RegistryStore;
  ingest: IngestStore;
  incidents: IncidentStore;
  behaviour: BehaviourStore;
}

/** Opens the store, brings its schema up to date and binds it to one tenant. */
export async function openStore({
  databaseUrl,
  path,
  tenant = 'default',
  apart = false,
}: StoreOptions): Promise<EstateStore> {
  const dialect = await chooseDialect(databaseUrl, path, apart);
  const db = new Kysely<Schema>({ dialect });
  await migrate(db);
  return bindStore(db, tenant, databaseUrl ? 'postgresql' : 'sqlite');
}

async function chooseDialect(databaseUrl: string | undefined, path: string, apart: boolean): Promise<Dialect> {
  if (databaseUrl) return await postgresqlDialect(databaseUrl);
  if (!apart || path === ':memory:') return sqliteDialect(path);
  const { threadedSqliteDialect } = await import('./dialects/threaded-sqlite.ts');
  return threadedSqliteDialect(path);
}

function bindStore(db: Kysely<Schema>, tenant: string, kind: AssessmentStore['kind']): EstateStore {
  const ofTenant = { tenant };
  const lists = readLists(db, tenant);
  const lately = new ToldLately();
  return {
    kind,
    registries: bindRegistries(db, tenant),
    ingest: bindIngest(db, tenant, kind, lately),
    incidents: bindIncidents(db, tenant),
    behaviour: bindBehaviour(db, tenant, lately),
    ...lists,
    save: (assessment) => saveAssessment(db, tenant, assessment),
    summary: () => readSummary(db, tenant),
    ranking: () => readRanking(db, tenant),
    workloads: (query) => readWorkloads(db, tenant, query),
    images: (query) => readImages(db, tenant, query),
    findings: (query) => readFindings(db, tenant, query),
    paths: async () => (await readHeadline(db, tenant))?.paths ?? [],
    readDocument: (documentKind, name) =>
      readDocument(
        db
          .selectFrom('documents')
          .select('document')
          .where((eb) => eb.and({ ...ofTenant, kind: documentKind, name })),
      ),
    async writeDocument(documentKind, name, value) {
      const document = JSON.stringify(value);
      await db
        .insertInto('documents')
        .values({ tenant, kind: documentKind, name, document })
        .onConflict((c) => c.columns(['tenant', 'kind', 'name']).doUpdateSet({ document }))
        .execute();
    },
    close: () => db.destroy(),
  };
}

/** Single rows by their id, and lists that are always wanted whole. */
function readLists(db: Kysely<Schema>, tenant: string) {
  return {
    workload: (id: string) =>
      readDocument<AssessedWorkload>(
        db
          .selectFrom('workloads')
          .select('document')
          .where((eb) => eb.and({ tenant, id })),
      ),
    image: (id: string) =>
      readDocument<AssessedImage>(
        db
          .selectFrom('images')
          .select('document')
          .where((eb) => eb.and({ tenant, id })),
      ),
    finding: (key: string) =>
      readDocument<Finding>(
        db
          .selectFrom('findings')
          .select('document')
          .where((eb) => eb.and({ tenant, key, closed_at: '' })),
      ),
    fix: (n: number) =>
      readDocument<PreparedFix>(
        db
          .selectFrom('fixes')
          .select('document')
          .where((eb) => eb.and({ tenant, n })),
      ),
    fixes: () =>
      readDocuments<PreparedFix>(db.selectFrom('fixes').select('document').where('tenant', '=', tenant).orderBy('n')),
    unknowns: () =>
      readDocuments<Unknown>(
        db.selectFrom('unknowns').select('document').where('tenant', '=', tenant).orderBy('position'),
      ),
    policies: () =>
      readDocuments<PolicySummary>(
        db.selectFrom('policies').select('document').where('tenant', '=', tenant).orderBy('name'),
      ),
  };
}
