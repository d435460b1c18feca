/** A process of a watched container, from its start to its end. */
export interface SeenProcess {
  pid: number;
  /** Nanoseconds since boot; with the pid unique until the machine starts again. */
  start: number;
  parent: SeenProcess | undefined;
  /** Ancestors that are known. */
  depth: number;
  /** What it runs: empty until that is known. */
  path: string;
  arguments: string;
  /** Which of many programs in one file it is. */
  applet?: string | undefined;
  uid: number;
  workingDirectory?: string;
  inImage: boolean | undefined;
  fileless: boolean;
  capabilities: bigint;
  /** Prepares the container and is the runtime's: it has not yet become a program of the container. */
  isRuntime: boolean;
}

const MOST_LIVING = 65_536;
const MOST_ENDED = 8192;
const DEEPEST = 64;
/** Nanoseconds in a tick: /proc tells no more of a start than its tick, and no pid comes round within one. */
const TICK = 1e7;
const keyOf = (pid: number, start: number): string => `${pid}:${Math.floor(start / TICK)}`;

/** Who is who among processes. The last that ended stay for a while: events about them come later, and children name them. */
export class ProcessTable {
  readonly #living = new Map<string, SeenProcess>();
  readonly #ended = new Map<string, SeenProcess>();

  get(pid: number, start: number): SeenProcess | undefined {
    const key = keyOf(pid, start);
    return this.#living.get(key) ?? this.#ended.get(key);
  }

  /** Ancestors beyond 64 are let go of: a program that always goes on as its own child would else grow for ever. */
  put(process: Omit<SeenProcess, 'depth'>): SeenProcess {
    const above = process.parent?.depth ?? -1;
    const kept = above + 1 < DEEPEST ? { ...process, depth: above + 1 } : { ...process, parent: undefined, depth: 0 };
    this.#living.set(keyOf(process.pid, process.start), kept);
    dropOldest(this.#living, MOST_LIVING);
    return kept;
  }

  end({ pid, start }: SeenProcess): void {
    const key = keyOf(pid, start);
    const process = this.#living.get(key);
    if (process === undefined) return;
    this.#living.delete(key);
    this.#ended.set(key, process);
    dropOldest(this.#ended, MOST_ENDED);
  }
}

function dropOldest(processes: Map<string, SeenProcess>, most: number): void {
  if (processes.size <= most) return;
  const [oldest] = processes.keys();
  if (oldest !== undefined) processes.delete(oldest);
}
