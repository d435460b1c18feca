import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newToken } from '@breakwater/server';

/** File of the state folder with what registries prove themselves with when they send notifications. */
export function notificationTokenPath(state: string): string {
  return join(state, 'notification-token');
}

/** The token of this state folder, made at the first start and readable by its owner only: it outlasts restarts, for registries keep it. */
export async function notificationToken(state: string): Promise<string> {
  const path = notificationTokenPath(state);
  await mkdir(state, { recursive: true, mode: 0o700 });
  await writeFile(path, `${newToken()}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(path, 'utf8')).trim();
}
