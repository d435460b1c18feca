import { readFileSync, readlinkSync } from 'node:fs';
import type { HostFacts } from '../observe/index.ts';

/** When this machine started, and its own mount namespace: that of its first process, or ours where that may not be read. */
export function readHost(): HostFacts {
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return {
    bootTime: Date.now() - 1000 * uptime,
    mountNamespace: mountNamespaceOf('1') ?? mountNamespaceOf('self') ?? 0,
  };
}

function mountNamespaceOf(process: string): number | undefined {
  try {
    return Number(/\d+/.exec(readlinkSync(`/proc/${process}/ns/mnt`))?.[0]);
  } catch {
    return undefined;
  }
}
