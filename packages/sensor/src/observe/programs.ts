/** What a process runs: a file with its arguments. */
export interface Program {
  /** As the container sees it. */
  path: string;
  arguments: string;
  /** Which of many programs in one file it is. */
  applet?: string | undefined;
  inImage: boolean | undefined;
  fileless: boolean;
  digest?: string | undefined;
}

/** Programs that are kept at least; twice as many at most. */
const KEPT = 8192;

/**
 * Programs by the ids under which the kernel's events name them. Those that no event names any more are let go of: the
 * kernel tells no end of most.
 */
export class Programs {
  #young = new Map<number, Program>();
  #old = new Map<number, Program>();

  get(id: number): Program | undefined {
    const found = this.#young.get(id);
    if (found !== undefined) return found;
    const old = this.#old.get(id);
    if (old !== undefined) this.put(id, old);
    return old;
  }

  put(id: number, program: Program): void {
    if (this.#young.size >= KEPT) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(id, program);
  }
}
