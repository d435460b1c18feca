import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { type HostProcess, MOST_PROCESSES, processesOf } from '../host/processes.ts';
import { type ChangedFiles, changedFiles, type FileBudget, readBounded } from './changed-files.ts';
import { MOST_FILES, openFilesOf, socketsOf } from './connections.ts';
import type { TarEntry } from './write-tar.ts';

/** What is put into the archive at most. */
export interface SnapshotLimits {
  bytes: number;
}

const LARGEST_FILE = 16 * 1024 * 1024;
const MOST_ENTRIES = 20_000;
/** Bytes that are read for hashes. */
const MOST_HASHED = 4 * 1024 * 1024 * 1024;
const NO_FILES: ChangedFiles = { files: [], contents: [], truncated: false };

/**
 * What a running container is and did, as files: processes, what they have open, sockets, mounts, all that changed in its
 * file system, and programs that are in no folder any more. Environments are left out, for they hold secrets. The first
 * is a manifest with the hash of each.
 */
export function collectEvidence(container: string, limits: SnapshotLimits, now: Date): TarEntry[] {
  const processes = processesOf(container);
  const pids = processes.map(({ pid }) => pid);
  const [first] = processes;
  const files = openFilesOf(pids);
  const upper = first === undefined ? undefined : upperFolder(first.pid);
  const budget = { entries: MOST_ENTRIES, bytes: limits.bytes, largestFile: LARGEST_FILE, hashed: MOST_HASHED };
  // Programs first: what is in no folder is nowhere else, and files could have taken all room.
  const programs = programsInMemory(processes, budget);
  const changed = upper === undefined ? NO_FILES : changedFiles(upper, budget);
  const entries: TarEntry[] = [
    json('processes.json', processes),
    json('open-files.json', files),
    json('connections.json', first === undefined ? [] : socketsOf(first.pid, files)),
    json('changed-files.json', changed.files),
    ...(first === undefined ? [] : [{ name: 'mounts.txt', bytes: Buffer.from(mountsOf(first.pid)) }]),
    ...programs.entries,
    ...changed.contents,
  ];
  const manifest = {
    schemaVersion: 1,
    made: now.toISOString(),
    host: hostname(),
    kernel: release(),
    container,
    processes: processes.length,
    upper: upper ?? 'not known: the root of the container is no overlay of a container engine',
    truncated:
      changed.truncated || programs.truncated || files.length >= MOST_FILES || processes.length >= MOST_PROCESSES,
    files: entries.map(({ name, bytes }) => ({
      name,
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
  };
  return [json('manifest.json', manifest), ...entries];
}

const json = (name: string, value: unknown): TarEntry => ({
  name,
  bytes: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`),
});

function mountsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
  } catch {
    return '';
  }
}

/** Folders in which container engines keep what is written: podman, CRI-O and Docker; containerd. */
const KEPT_BY_ENGINES = /\/(?:overlay2?\/[0-9a-z]{25,64}\/diff|snapshots\/\d+\/fs)$/;

/**
 * Where the overlay that is the root of a process keeps what was written; undefined where it is none, or not of an engine:
 * who may mount in a container may name any folder there, and the name means one of the host to us.
 */
function upperFolder(pid: number): string | undefined {
  for (const line of mountsOf(pid).split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [type, , options = ''] = after.split(' ');
    if (before.split(' ')[4] !== '/' || type !== 'overlay') continue;
    const upper = /(?:^|,)upperdir=([^,]+)/.exec(options)?.[1];
    const folder = upper?.replaceAll('\\040', ' ') ?? '';
    return folder.startsWith('/') && !folder.includes('/../') && KEPT_BY_ENGINES.test(folder) ? folder : undefined;
  }
  return undefined;
}

/** Programs that run and are in no folder any more, each once: only the kernel still has them. */
function programsInMemory(
  processes: readonly HostProcess[],
  left: FileBudget,
): { entries: TarEntry[]; truncated: boolean } {
  const found = { entries: [] as TarEntry[], truncated: false };
  const seen = new Set<string>();
  for (const { pid, path } of processes) {
    if (!path.endsWith(' (deleted)') && !path.startsWith('/memfd:')) continue;
    try {
      const descriptor = openSync(`/proc/${pid}/exe`, 'r');
      try {
        const { dev, ino } = fstatSync(descriptor);
        if (seen.has(`${dev}:${ino}`)) continue;
        seen.add(`${dev}:${ino}`);
        const { bytes } = readBounded(descriptor, left);
        if (bytes === undefined) found.truncated = true;
        else found.entries.push({ name: `programs/${pid}`, bytes });
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // It ended just now.
      found.truncated = true;
    }
  }
  return found;
}
