import type { RuntimeEvent } from '@breakwater/model';

/** What a container and its pod are called. */
export type ContainerFacts = Pick<RuntimeEvent, 'container' | 'pod'>;

/**
 * A container runtime's own files about its containers: each store knows where they lie under a host's root. Undefined
 * where it does not know the container.
 */
export type Store = (root: string, id: string) => Promise<ContainerFacts | undefined> | ContainerFacts | undefined;
