import { type Dialect, PostgresDialect } from 'kysely';

/** PostgreSQL by connection string (`DATABASE_URL`). The driver is loaded only when it is asked for. */
export async function postgresqlDialect(connectionString: string): Promise<Dialect> {
  const { default: pg } = await import('pg');
  return new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 8 }) });
}
