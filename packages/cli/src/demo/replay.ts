import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findAbilities } from '@breakwater/sensor/abilities';
import { Performance } from './round.ts';
import { BUSYBOX } from './victim-image.ts';

const RECORDING = new URL('./recording.json', import.meta.url);

/** What was recorded when the attack was made on a real container. */
export function replayPerformance(): Performance {
  return Performance.parse(JSON.parse(readFileSync(RECORDING, 'utf8')));
}

/** Why the attack cannot be made on this host, as sentences; empty where it can. */
export async function whyNotHere(): Promise<string[]> {
  const { missing } = findAbilities();
  if (missing.length > 0) return missing;
  const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
  if (!has('podman', '--version') || !has('runc', '--version'))
    return ['podman with runc is not installed (Debian and Ubuntu: apt install podman runc).'];
  return BUSYBOX !== '' && has(BUSYBOX, 'true')
    ? []
    : ['There is no busybox of which an image could be made (Debian and Ubuntu: apt install busybox-static).'];
}
