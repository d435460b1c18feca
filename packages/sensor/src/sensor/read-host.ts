import { readFileSync, readlinkSync } from 'node:fs';

/** When this machine started, in milliseconds since 1970, as its clock stands now: whoever sets the clock moves this too. */
export function bootTimeNow(): number {
  const uptime = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
  return Date.now() - 1000 * uptime;
}

/** Its own mount namespace, by its inode: that of its first process, or ours where that may not be read. */
export function hostMountNamespace(): number {
  return mountNamespaceOf('1') ?? mountNamespaceOf('self') ?? 0;
}

function mountNamespaceOf(process: string): number | undefined {
  try {
    return Number(/\d+/.exec(readlinkSync(`/proc/${process}/ns/mnt`))?.[0]);
  } catch {
    return undefined;
  }
}
