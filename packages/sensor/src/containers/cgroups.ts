import { type BigIntStats, existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';

/** A cgroup in the unified hierarchy. */
export interface Cgroup {
  /** What the kernel knows it by: the inode of its folder. */
  id: number;
  /** From the hierarchy's root: `/libpod_parent/libpod-9ae6...`. */
  path: string;
}

/** A cgroup that a runtime made for a container. */
export interface ContainerCgroup extends Cgroup {
  /** 64 hexadecimal digits. */
  containerId: string;
}

const DEEPEST = 12;

/** Where the unified hierarchy is mounted. @throws {UserError} `no-cgroups` where it is nowhere */
export function findCgroupRoot(mounts = readFileSync('/proc/self/mountinfo', 'utf8')): string {
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    if (after.split(' ')[0] === 'cgroup2') return before.split(' ')[4] ?? '/sys/fs/cgroup';
  }
  throw new UserError('The unified cgroup hierarchy (cgroup2) is not mounted, by which containers are told apart.', {
    code: 'no-cgroups',
    hint: 'Mount it: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup/unified',
  });
}

/**
 * Id of the container that a cgroup is of, by the names that podman, Docker, containerd, CRI-O and the kubelet give. The
 * kernel's programs ask the same of a cgroup that is made (bpf/cgroups.h).
 */
export function containerIdOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('conmon') ? undefined : /[0-9a-f]{64}/.exec(name)?.[0];
}

/** Every container's cgroup there is now. Folders that go away meanwhile are passed over. */
export async function findContainerCgroups(root: string): Promise<ContainerCgroup[]> {
  const found: ContainerCgroup[] = [];
  await walk(root, '', 0, (cgroup) => {
    const containerId = containerIdOf(cgroup.path);
    if (containerId !== undefined) found.push({ ...cgroup, containerId });
    return containerId === undefined;
  });
  return found;
}

/** A cgroup and all below it. */
export async function cgroupsFrom(root: string, path: string): Promise<Cgroup[]> {
  const found: Cgroup[] = [];
  await walk(root, path, 0, (cgroup) => found.push(cgroup) > 0);
  return found;
}

async function walk(root: string, path: string, depth: number, visit: (cgroup: Cgroup) => boolean): Promise<void> {
  const stats: BigIntStats | undefined = await stat(join(root, path), { bigint: true }).catch(() => undefined);
  if (stats === undefined || !visit({ id: Number(stats.ino), path: path === '' ? '/' : path }) || depth >= DEEPEST)
    return;
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await walk(root, `${path}/${entry.name}`, depth + 1, visit);
}

/** Processes in a cgroup now. */
export function processesIn(root: string, path: string): number[] {
  const file = join(root, path, 'cgroup.procs');
  if (!existsSync(file)) return [];
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    // It went away just now.
    return [];
  }
}
