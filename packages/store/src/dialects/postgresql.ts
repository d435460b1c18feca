import { type Dialect, PostgresDialect } from 'kysely';

/** PostgreSQL by connection string (`DATABASE_URL`). The driver is loaded only when it is asked for. */
export async function postgresqlDialect(connectionString: string): Promise<Dialect> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString, max: 8 });
  // Queries on a connection that breaks are rejected, and it is replaced; unheard, its error would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new PostgresDialect({ pool });
}
