import { readFileSync, readlinkSync } from 'node:fs';
import type { Program } from '../observe/index.ts';

/** What a process that runs already runs, by what /proc tells; undefined where it ended meanwhile. */
export function readProgram(pid: number): Program | undefined {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(1, -1);
    const path = readlinkSync(`/proc/${pid}/exe`);
    return {
      path: path.replace(/ \(deleted\)$/, ''),
      arguments: words.join(' '),
      inImage: undefined,
      fileless: path.endsWith(' (deleted)') || path.startsWith('/memfd:'),
    };
  } catch {
    return undefined;
  }
}
