import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzTarget, Seed } from './target.ts';

/** Larger files make slow inputs that say no more. */
const LARGEST_SEED = 64 * 1024;
const MOST_SEEDS = 400;

/** Files of a folder that a target can begin with. */
export function readCorpus(folder: string, target: FuzzTarget): Seed[] {
  const seeds: Seed[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    const label = target.labelOf === undefined ? name : target.labelOf(name);
    if (label === undefined || seeds.length >= MOST_SEEDS) continue;
    const { size, isFile } = describe(path);
    if (isFile && size > 0 && size <= LARGEST_SEED) seeds.push({ label, bytes: readFileSync(path) });
  }
  return seeds;
}

function describe(path: string): { size: number; isFile: boolean } {
  const found = statSync(path);
  return { size: found.size, isFile: found.isFile() };
}
