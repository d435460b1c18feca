import { findInStorage } from './stores/container-storage.ts';
import { findInContainerd } from './stores/containerd.ts';
import { findInDocker } from './stores/docker.ts';
import { findInPodman } from './stores/podman.ts';
import type { ContainerFacts, Store } from './stores/store.ts';

const STORES: readonly Store[] = [findInStorage, findInDocker, findInContainerd, findInPodman];

/** Says what a container is, by the files of whichever runtime made it; its id alone where none knows it. */
export async function describeContainer(id: string, root = '/'): Promise<ContainerFacts> {
  for (const find of STORES) {
    const facts = await find(root, id);
    if (facts !== undefined) return facts;
  }
  return { container: { id } };
}
