import { readFileSync, readlinkSync } from 'node:fs';
import { appletOf, type Program } from '../observe/index.ts';

/** What a process that runs already runs, by what /proc tells; undefined where it ended meanwhile. */
export function readProgram(pid: number): Program | undefined {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const link = readlinkSync(`/proc/${pid}/exe`);
    const path = link.replace(/ \(deleted\)$/, '');
    return {
      path,
      arguments: words.split('\0').slice(1, -1).join(' '),
      applet: appletOf(path, words),
      inImage: undefined,
      fileless: link.endsWith(' (deleted)') || link.startsWith('/memfd:'),
    };
  } catch {
    return undefined;
  }
}
