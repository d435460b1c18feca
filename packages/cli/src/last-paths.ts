import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const LastPaths = z.object({ folder: z.string(), paths: z.array(z.string()) });

/** Keeps which paths a working folder ranked last, so that `fix 1` and `explain ID` need none. */
export async function rememberPaths(state: string, folder: string, paths: string[]): Promise<void> {
  const file = fileOf(state, folder);
  await mkdir(join(state, 'last'), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify({ folder, paths }), { mode: 0o600 });
}

/** The paths that this working folder ranked last; undefined when there are none. */
export async function readLastPaths(state: string, folder: string): Promise<string[] | undefined> {
  const text = await readFile(fileOf(state, folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return LastPaths.parse(JSON.parse(text)).paths;
}

function fileOf(state: string, folder: string): string {
  return join(state, 'last', `${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.json`);
}
