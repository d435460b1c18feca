import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { type HostProcess, processesOf } from '../host/processes.ts';
import { type ChangedFiles, changedFiles, readBounded } from './changed-files.ts';
import { openFilesOf, socketsOf } from './connections.ts';
import type { TarEntry } from './write-tar.ts';

/** What is put into the archive at most. */
export interface SnapshotLimits {
  bytes: number;
}

const LARGEST_FILE = 16 * 1024 * 1024;
const MOST_ENTRIES = 20_000;
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
  const budget = { entries: MOST_ENTRIES, bytes: limits.bytes, largestFile: LARGEST_FILE };
  const changed = upper === undefined ? NO_FILES : changedFiles(upper, budget);
  const entries: TarEntry[] = [
    json('processes.json', processes),
    json('open-files.json', files),
    json('connections.json', first === undefined ? [] : socketsOf(first.pid, files)),
    json('changed-files.json', changed.files),
    ...(first === undefined ? [] : [{ name: 'mounts.txt', bytes: Buffer.from(mountsOf(first.pid)) }]),
    ...programsInMemory(processes),
    ...changed.contents,
  ];
  const manifest = {
    schemaVersion: 1,
    made: now.toISOString(),
    host: hostname(),
    kernel: release(),
    container,
    processes: processes.length,
    upper: upper ?? 'not known: the root of the container is no overlay',
    truncated: changed.truncated,
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

/** Where the overlay that is the root of a process keeps what was written; undefined where it is none. */
function upperFolder(pid: number): string | undefined {
  for (const line of mountsOf(pid).split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [type, , options = ''] = after.split(' ');
    if (before.split(' ')[4] !== '/' || type !== 'overlay') continue;
    const upper = /(?:^|,)upperdir=([^,]+)/.exec(options)?.[1];
    return upper?.startsWith('/') === true ? upper.replaceAll('\\040', ' ') : undefined;
  }
  return undefined;
}

/** Programs that run and are in no folder any more: only the kernel still has them. */
function programsInMemory(processes: readonly HostProcess[]): TarEntry[] {
  return processes.flatMap(({ pid, path }) => {
    if (!path.endsWith(' (deleted)') && !path.startsWith('/memfd:')) return [];
    try {
      const descriptor = openSync(`/proc/${pid}/exe`, 'r');
      try {
        const { bytes } = readBounded(descriptor, LARGEST_FILE);
        return bytes === undefined ? [] : [{ name: `programs/${pid}`, bytes }];
      } finally {
        closeSync(descriptor);
      }
    } catch {
      return [];
    }
  });
}
