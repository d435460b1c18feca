import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INSTALLED = '/usr/lib/postgresql';

/** Why no PostgreSQL can be started here, or undefined when one can. */
export function whyNoPostgresql(): string | undefined {
  if (!existsSync(INSTALLED)) return "PostgreSQL is not installed (Debian's package postgresql)";
  if (process.getuid?.() === 0 && postgresUser() === undefined)
    return 'root may not run PostgreSQL and there is no user postgres';
  return undefined;
}

/** A PostgreSQL of a test's own, in a new folder, on a socket only. */
export interface PostgresqlServer {
  databaseUrl: string;
  stop(): void;
}

/** Makes a cluster and starts it. Takes about two seconds. */
export function startPostgresql(): PostgresqlServer {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-postgresql-'));
  const bin = join(INSTALLED, readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a))[0] as string, 'bin');
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (user) chownSync(folder, user.uid, user.gid);
  const run = (program: string, args: string[]) =>
    execFileSync(join(bin, program), args, { cwd: folder, stdio: 'ignore', ...(user ? user : {}) });
  const data = join(folder, 'data');
  run('initdb', ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8']);
  const options = `-c listen_addresses='' -c unix_socket_directories=${folder} -c fsync=off -c max_connections=40`;
  run('pg_ctl', ['start', '--wait', '--pgdata', data, '--log', join(folder, 'log'), '--options', options]);
  return {
    databaseUrl: `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`,
    stop() {
      run('pg_ctl', ['stop', '--pgdata', data, '--mode', 'immediate']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function postgresUser(): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
