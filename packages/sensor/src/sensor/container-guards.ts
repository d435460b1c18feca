import { type ContainerFacts, cgroupsFrom, processesIn } from '../containers/index.ts';
import { type Holding, holdingsOf, readBounds } from '../guards/index.ts';
import type { Guard, KernelWatch } from '../kernel/index.ts';

/** A container's cgroup, as it was when it was guarded first. */
interface GuardedContainer {
  cgroup: number;
  path: string;
  runtime: number;
  facts: ContainerFacts;
  guard: Guard;
}

/** Puts guards onto containers, also while they run, and says what each is worth there. */
export class ContainerGuards {
  readonly #kernel: KernelWatch;
  readonly #root: string;
  readonly #containers = new Map<string, GuardedContainer>();

  /** `root` is that of the unified hierarchy. */
  constructor(kernel: KernelWatch, root: string) {
    this.#kernel = kernel;
    this.#root = root;
  }

  /** Watches a container with a guard, from its cgroup down; `below` where there may be more than it. */
  async put(container: GuardedContainer): Promise<void> {
    this.#containers.set(container.facts.container?.id ?? '', container);
    const { cgroup, path, runtime, guard } = container;
    this.#kernel.watch({ cgroup, container: cgroup, runtime, guard });
    for (const below of await cgroupsFrom(this.#root, path))
      if (below.id !== cgroup) this.#kernel.watch({ cgroup: below.id, container: cgroup, runtime, guard });
  }

  /** Another guard for a container that is watched; nothing where it is no more. */
  async change(containerId: string, guard: Guard): Promise<void> {
    const container = this.#containers.get(containerId);
    if (container !== undefined) await this.put({ ...container, guard });
  }

  /** What the guards of a container are worth: by the kernel, and by what the container was started with. */
  holdings(containerId: string): Holding[] {
    const container = this.#containers.get(containerId);
    if (container === undefined) return [];
    const pid = processesIn(this.#root, container.path).at(-1);
    const bounds = pid === undefined ? undefined : readBounds(pid, containerId);
    return holdingsOf(container.guard, this.#kernel, bounds);
  }

  remove(containerId: string): void {
    this.#containers.delete(containerId);
  }
}
