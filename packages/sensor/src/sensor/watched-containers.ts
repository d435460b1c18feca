import type { ContainerFacts } from '../containers/index.ts';
import { ContainerMeter } from '../resources/index.ts';

/** A container that is watched. */
export interface WatchedContainer {
  facts: ContainerFacts;
  /** Of its cgroup. */
  folder: string;
  meter: ContainerMeter;
  /** Name servers that it was given, once a process of it was looked at. */
  resolvers?: ReadonlySet<string> | undefined;
}

/** The containers that are watched, by the id of their cgroup. */
export class WatchedContainers {
  readonly #containers = new Map<number, WatchedContainer>();

  /** `folder` is that of its cgroup; `now` in milliseconds since 1970. */
  add(cgroup: number, facts: ContainerFacts, folder: string, now: number): WatchedContainer {
    const container = { facts, folder, meter: new ContainerMeter(folder, now) };
    this.#containers.set(cgroup, container);
    return container;
  }

  get(cgroup: number): WatchedContainer | undefined {
    return this.#containers.get(cgroup);
  }

  has(cgroup: number): boolean {
    return this.#containers.has(cgroup);
  }

  remove(cgroup: number): void {
    this.#containers.delete(cgroup);
  }

  [Symbol.iterator](): IterableIterator<[number, WatchedContainer]> {
    return this.#containers.entries();
  }
}
