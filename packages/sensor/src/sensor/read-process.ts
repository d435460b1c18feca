import { readFileSync, readlinkSync } from 'node:fs';
import type { SeenProcess } from '../observe/index.ts';

/** Clock ticks in a second, as /proc counts them on every Linux that we know. */
const TICKS = 100;

/** A process that runs already, by what /proc tells; undefined where it ended meanwhile. */
export function readProcess(pid: number): Omit<SeenProcess, 'parent' | 'depth' | 'isRuntime'> | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(1, -1);
    const path = readlinkSync(`/proc/${pid}/exe`);
    const startTicks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    return {
      pid,
      start: (startTicks / TICKS) * 1e9,
      path: path.replace(/ \(deleted\)$/, ''),
      arguments: words.join(' '),
      uid: Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? 0),
      inImage: undefined,
      fileless: path.endsWith(' (deleted)') || path.startsWith('/memfd:'),
      capabilities: BigInt(`0x${/^CapEff:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`),
    };
  } catch {
    return undefined;
  }
}
