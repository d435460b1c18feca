import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { admissionFolder } from './snapshot-file.ts';

const Faults = z.array(z.string());
const MOST_KEPT = 100;
const LONGEST = 1_000;

const faultsPath = (state: string): string => join(admissionFolder(state), 'faults.json');

/** Keeps what is wrong with policies, exceptions and settings, each a line, for those who ask from outside the process. */
export async function keepFaults(state: string, faults: readonly string[]): Promise<void> {
  const path = faultsPath(state);
  const kept = faults.slice(0, MOST_KEPT).map((fault) => fault.slice(0, LONGEST));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.${process.pid}`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${path}.${process.pid}`, path);
}

/** What was wrong when it was last looked at; nothing where nobody looked. */
export async function readFaults(state: string): Promise<string[]> {
  try {
    return Faults.parse(JSON.parse(await readFile(faultsPath(state), 'utf8')));
  } catch {
    return [];
  }
}
