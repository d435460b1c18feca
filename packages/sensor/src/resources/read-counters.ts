import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a container has used since it began, and what it holds now; what nobody counts is absent. */
export interface Counters {
  /** Microseconds of processors. */
  cpu?: number;
  memory?: number;
  tasks?: number;
  read?: number;
  written?: number;
  received?: number;
  sent?: number;
}

/** Folders in which a container's counters lie: one in the unified hierarchy, or one for each controller of the old ones. */
export interface CounterFolders {
  unified: string;
  /** By controller, `memory`. */
  old: ReadonlyMap<string, string>;
}

/**
 * Where the old hierarchies count a container, by the lines of `/proc/<pid>/cgroup` of one of its processes
 * (`4:memory:/libpod-9ae6`). On hosts with the unified hierarchy alone there are none.
 */
export function oldFolders(cgroups: string, mounts: string): Map<string, string> {
  const mountOf = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [kind, , options = ''] = after.split(' ');
    const point = before.split(' ')[4];
    if (kind === 'cgroup' && point !== undefined) for (const name of options.split(',')) mountOf.set(name, point);
  }
  const folders = new Map<string, string>();
  for (const line of cgroups.split('\n')) {
    const [, names = '', ...path] = line.split(':');
    for (const name of names.split(',')) {
      const point = mountOf.get(name);
      if (point !== undefined) folders.set(name, join(point, path.join(':')));
    }
  }
  return folders;
}

/** Reads what the kernel has counted: a few small files, whatever the container does. */
export function readCounters({ unified, old }: CounterFolders, pid: number | undefined, hostNetwork: string): Counters {
  return {
    ...known('cpu', fieldIn(join(unified, 'cpu.stat'), 'usage_usec') ?? microseconds(old.get('cpuacct'))),
    ...known('memory', numberIn(unified, 'memory.current') ?? numberIn(old.get('memory'), 'memory.usage_in_bytes')),
    ...known('tasks', numberIn(unified, 'pids.current') ?? numberIn(old.get('pids'), 'pids.current')),
    ...diskCounters(unified, old.get('blkio')),
    ...networkCounters(pid, hostNetwork),
  };
}

const known = <K extends keyof Counters>(name: K, value: number | undefined): Pick<Counters, K> | object =>
  value === undefined ? {} : { [name]: value };

function textIn(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It went away, or this kernel does not count it.
    return '';
  }
}

function numberIn(folder: string | undefined, name: string): number | undefined {
  const text = folder === undefined ? '' : textIn(join(folder, name)).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function fieldIn(path: string, name: string): number | undefined {
  const found = textIn(path)
    .split('\n')
    .find((line) => line.startsWith(`${name} `));
  return found === undefined ? undefined : Number(found.slice(name.length + 1));
}

function microseconds(folder: string | undefined): number | undefined {
  const nanoseconds = numberIn(folder, 'cpuacct.usage');
  return nanoseconds === undefined ? undefined : nanoseconds / 1000;
}

/** `8:0 rbytes=90430464 wbytes=299008000 rios=8950 ...` or, in the old hierarchy, `8:0 Read 90430464`, a line a disk. */
function diskCounters(unified: string, blkio: string | undefined): Pick<Counters, 'read' | 'written'> {
  const text = textIn(join(unified, 'io.stat'));
  const old = blkio === undefined ? '' : textIn(join(blkio, 'blkio.throttle.io_service_bytes'));
  if (text === '' && old === '') return {};
  const sum = (source: string, pattern: RegExp): number =>
    [...source.matchAll(pattern)].reduce((total, [, bytes]) => total + Number(bytes), 0);
  return {
    read: sum(text, /\brbytes=(\d+)/g) + sum(old, /^\d+:\d+ Read (\d+)$/gm),
    written: sum(text, /\bwbytes=(\d+)/g) + sum(old, /^\d+:\d+ Write (\d+)$/gm),
  };
}

/** Of its own network devices; a container on the host's network shares the host's counters, and has none. */
function networkCounters(pid: number | undefined, hostNetwork: string): Pick<Counters, 'received' | 'sent'> {
  if (pid === undefined || networkOf(pid) === hostNetwork) return {};
  const devices = textIn(`/proc/${pid}/net/dev`).split('\n').slice(2);
  if (devices.length === 0) return {};
  let [received, sent] = [0, 0];
  for (const line of devices) {
    const [name = '', counts = ''] = line.split(':');
    const numbers = counts.trim().split(/\s+/).map(Number);
    if (name.trim() === 'lo' || numbers.length < 9) continue;
    received += numbers[0] ?? 0;
    sent += numbers[8] ?? 0;
  }
  return { received, sent };
}

/** Inode of a process's network namespace; empty where it is gone. */
export function networkOf(pid: number | string): string {
  try {
    return String(statSync(`/proc/${pid}/ns/net`).ino);
  } catch {
    return '';
  }
}
