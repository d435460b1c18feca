import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findInStorage } from './stores/container-storage.ts';
import { findInContainerd } from './stores/containerd.ts';
import { findInDocker } from './stores/docker.ts';
import { findInPodman } from './stores/podman.ts';
import type { ContainerFacts, Store } from './stores/store.ts';

const STORES: readonly Store[] = [findInStorage, findInDocker, findInContainerd, findInPodman];

/** Where runtimes keep their files: where there are none of these, nobody will ever say what a container is called. */
const HOMES = [
  'var/lib/containers/storage',
  'var/lib/docker',
  'run/containerd',
  'run/k3s/containerd',
  'var/snap/microk8s',
];
/** Milliseconds for which a container is looked for that nobody knows yet, and between two looks. */
const PATIENCE = 3000;
const PAUSE = 50;

/**
 * Says what a container is that has just begun: a runtime may be writing to its files in this moment, so that whoever is
 * not known is looked for again for a while, or until `isOver`.
 */
export async function describeNewContainer(id: string, isOver: () => boolean, root = '/'): Promise<ContainerFacts> {
  for (const end = performance.now() + PATIENCE; ; await pause(PAUSE)) {
    const facts = await describeContainer(id, root);
    const isKnown = facts.container?.name !== undefined;
    if (isKnown || isOver() || performance.now() > end || !HOMES.some((home) => existsSync(join(root, home))))
      return facts;
  }
}

/** Says what a container is, by the files of whichever runtime made it; its id alone where none knows it. */
export async function describeContainer(id: string, root = '/'): Promise<ContainerFacts> {
  for (const find of STORES) {
    const facts = await find(root, id);
    if (facts !== undefined) return facts;
  }
  return { container: { id } };
}
