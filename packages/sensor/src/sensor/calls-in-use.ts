import { readdirSync, readFileSync } from 'node:fs';
import type { RuntimeEvent } from '@breakwater/model';
import type { ContainerFacts } from '../containers/index.ts';
import { callNameOf } from '../observe/call-names.ts';

/** Threads of a container that are looked at in one turn. */
const MOST_THREADS = 256;
/** What is below this are addresses of programs of 32 bits, whose calls have other numbers. */
const FIRST_LONG_ADDRESS = 2n ** 32n;

/** Which system calls each container makes: every one is told once, whoever of it makes it. */
export class CallsInUse {
  readonly #told = new Map<number, Set<number>>();

  /** An event where it was not told yet; `number` as this processor counts, `time` in ISO 8601. */
  take(cgroup: number, number: number, facts: ContainerFacts, time: string): RuntimeEvent | undefined {
    const call = callNameOf(number, process.arch);
    const told = this.#told.get(cgroup) ?? new Set();
    if (call === undefined || told.has(number)) return undefined;
    this.#told.set(cgroup, told.add(number));
    // Not who: which of its programs was the first is by chance, and would be something else the next time.
    return { source: 'sensor', time, type: 'syscall', ...facts, process: { path: '', arguments: '' }, call };
  }

  forget(cgroup: number): void {
    this.#told.delete(cgroup);
  }
}

/** Calls in which processes wait: the kernel tells of a call when it returns, and some never do. */
export function waitingCalls(pids: readonly number[]): Set<number> {
  const found = new Set<number>();
  let threads = 0;
  for (const pid of pids)
    for (const thread of threadsOf(pid)) {
      if (++threads > MOST_THREADS) return found;
      const number = callOf(`/proc/${pid}/task/${thread}/syscall`);
      if (number !== undefined) found.add(number);
    }
  return found;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended.
    return [];
  }
}

/** `0 0x3 0x7ffd... 0x7f2c...`: number, arguments, stack, place; or `running` (proc_pid_syscall(5)). */
function callOf(path: string): number | undefined {
  try {
    const words = readFileSync(path, 'latin1').trim().split(' ');
    const isWhole = words.length === 9 && BigInt(words[7] ?? 0) >= FIRST_LONG_ADDRESS;
    const number = Number(words[0]);
    return isWhole && number >= 0 ? number : undefined;
  } catch {
    // It has ended, or the kernel does not say.
    return undefined;
  }
}
