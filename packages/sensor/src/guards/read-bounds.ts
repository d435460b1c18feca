import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { boundsOfStatus, type ContainerBounds, seccompOfBundle } from './bounds.ts';

const TASKS = 'run/containerd/io.containerd.runtime.v2.task';
const STORAGES = ['var/lib/containers/storage/overlay-containers', 'run/containers/storage/overlay-containers'];
/** Bytes of a bundle's file that are read at most. */
const LARGEST = 4 * 1024 * 1024;

/** What a running container is bound by, as its process `pid` and its runtime's bundle tell; undefined where it has ended. */
export function readBounds(pid: number, containerId: string, root = '/'): ContainerBounds | undefined {
  const status = read(join(root, 'proc', String(pid), 'status'));
  if (status === undefined) return undefined;
  const bounds = boundsOfStatus(status);
  if (bounds.seccomp !== 'unknown') return bounds;
  return { ...bounds, seccomp: seccompOfBundle(readBundle(containerId, root)) ?? 'unknown' };
}

function readBundle(id: string, root: string): unknown {
  const folders = [
    ...STORAGES.map((folder) => join(root, folder, id, 'userdata')),
    ...namespacesIn(join(root, TASKS)).map((namespace) => join(root, TASKS, namespace, id)),
  ];
  for (const folder of folders) {
    const text = read(join(folder, 'config.json'));
    if (text !== undefined) return parse(text);
  }
  return undefined;
}

function namespacesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return statSync(path).size > LARGEST ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
