import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';

const LOCK = 'lock';

/**
 * Two sensors on one folder would number batches alike. One that was killed leaves its lock, which names its process and
 * when that began: a later process of the same number holds nothing. @throws {UserError} `spool-in-use`
 */
export async function lockSpool(folder: string): Promise<void> {
  const path = join(folder, LOCK);
  for (const isLast of [false, true]) {
    try {
      await writeFile(path, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600, flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [holder, start] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
    if (isLast || (Number(holder) !== process.pid && isAlive(Number(holder), start))) throw inUse(folder, holder);
    await rm(path, { force: true });
  }
}

/** Lets others have the folder. */
export async function unlockSpool(folder: string): Promise<void> {
  await rm(join(folder, LOCK), { force: true });
}

function isAlive(pid: number, start: string | undefined): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  const now = startOf(pid);
  return now !== '' && (start === undefined || start === '' || start === now);
}

/** Ticks between the boot and the start of a process; empty where it is gone. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

const inUse = (folder: string, holder = '?'): UserError =>
  new UserError(`The spool ${folder} is in use by process ${holder}.`, {
    code: 'spool-in-use',
    hint: 'End that sensor, or give this one a folder of its own: --spool FOLDER',
  });
