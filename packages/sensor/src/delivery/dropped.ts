import { constants, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What was dropped unsent and is not told yet: written down before it goes, so that whoever is killed knows it later. */
export interface Dropped {
  events: number;
  /** Number of the oldest batch that was not dropped. */
  first: number;
}

const NAME = 'dropped';
const NOTHING: Dropped = { events: 0, first: 0 };

/** `events first`, as text. What cannot be read says nothing. */
export async function readDropped(folder: string): Promise<Dropped> {
  const text = await readFile(join(folder, NAME), 'latin1').catch(() => '');
  const [events, first] = (/^(\d{1,15}) (\d{1,15})\n$/.exec(text) ?? []).slice(1).map(Number);
  return events === undefined || first === undefined ? NOTHING : { events, first };
}

/** On the disk when it resolves; as well as it can be: a full disk may take no more than what is deleted. */
export async function writeDropped(folder: string, { events, first }: Dropped): Promise<void> {
  const path = join(folder, NAME);
  if (events <= 0) return await rm(path, { force: true });
  const next = `${path}.next`;
  try {
    await rm(next, { force: true });
    const file = await open(next, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      await file.writeFile(`${events} ${first}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch {
    // Then it is known to this process alone.
  }
}
