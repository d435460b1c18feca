import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RuntimeEvent } from '@breakwater/model';
import { type CounterFolders, type Counters, networkOf, oldFolders, readCounters } from './read-counters.ts';

export type Usage = NonNullable<RuntimeEvent['usage']>;

const MICROSECONDS = 1e6;

/** Says what one container has used since it was asked last, by what the kernel counts in its cgroup. */
export class ContainerMeter {
  readonly #folder: string;
  /** Where the old hierarchies count, once a process of it was there to say. */
  #old: CounterFolders['old'] | undefined;
  readonly #hostNetwork: string;
  #last: { at: number; counters: Counters };

  /** `folder` is that of its cgroup in the unified hierarchy; `now` in milliseconds since 1970. */
  constructor(folder: string, now: number) {
    this.#folder = folder;
    this.#hostNetwork = networkOf('self');
    this.#last = { at: now, counters: this.#read() };
  }

  #read(): Counters {
    const pid = processIn(this.#folder);
    if (pid !== undefined) this.#old ??= this.#oldOf(pid);
    return readCounters({ unified: this.#folder, old: this.#old ?? new Map() }, pid, this.#hostNetwork);
  }

  /** A container is met before its first process is, and that comes into one hierarchy after the other. */
  #oldOf(pid: number): CounterFolders['old'] | undefined {
    const found = oldFolders(textOf(`/proc/${pid}/cgroup`), textOf('/proc/self/mountinfo'));
    const own = [...found].filter(([, folder]) => basename(folder) === basename(this.#folder));
    return own.length > 0 ? new Map(own) : undefined;
  }

  /** Since when, and what; undefined where its cgroup is gone. */
  take(now: number): { since: number; usage: Usage } | undefined {
    const counters = this.#read();
    if (Object.keys(counters).length === 0) return undefined;
    const { at, counters: before } = this.#last;
    this.#last = { at: now, counters };
    const grown = (name: keyof Counters): number | undefined =>
      counters[name] === undefined ? undefined : Math.max(0, counters[name] - (before[name] ?? 0));
    const cpu = grown('cpu');
    const usage = {
      cpu: cpu === undefined ? undefined : cpu / MICROSECONDS,
      memory: counters.memory,
      tasks: counters.tasks,
      read: grown('read'),
      written: grown('written'),
      received: grown('received'),
      sent: grown('sent'),
    };
    return { since: at, usage: Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined)) };
  }
}

function processIn(folder: string): number | undefined {
  const first = textOf(join(folder, 'cgroup.procs')).split('\n', 1)[0];
  return first ? Number(first) : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Whoever it is of has ended.
    return '';
  }
}
