import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const LastPaths = z.object({
  paths: z.array(z.string()).min(1),
  policies: z.array(z.string()).default([]),
  packs: z.array(z.string()).default([]),
  kubernetesVersion: z.string().optional(),
  vex: z.array(z.string()).default([]),
  reports: z.array(z.string()).default([]),
  /** How clusters among the paths were found and read. */
  clusters: z
    .object({ kubeconfigs: z.array(z.string()).optional(), namespaces: z.array(z.string()).optional() })
    .optional(),
});

/** What a working folder ranked last. */
export type LastPaths = z.infer<typeof LastPaths>;

/** Keeps what a working folder ranked last, so that `fix 1` and `explain ID` need no path. */
export async function rememberPaths(state: string, folder: string, last: LastPaths): Promise<void> {
  const file = fileOf(state, folder);
  await mkdir(join(state, 'last'), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(last), { mode: 0o600 });
  await rename(draft, file);
}

/** What this working folder ranked last; undefined when that is nothing, or what was kept is damaged. */
export async function readLastPaths(state: string, folder: string): Promise<LastPaths | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(fileOf(state, folder), 'utf8'));
    return LastPaths.safeParse(kept).data;
  } catch {
    return undefined;
  }
}

function fileOf(state: string, folder: string): string {
  return join(state, 'last', `${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.json`);
}
