import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { FILE_FLAG, type KernelRecord } from '../kernel/record.ts';
import { appletOf } from './applet.ts';
import { capabilityNames } from './capabilities.ts';
import { detailsOf } from './details.ts';
import { readNameAnswer } from './name-answers.ts';
import { ProcessTable, type SeenProcess } from './process-table.ts';

const MOST_NAMES = 10_000;

/** What a container's events carry with them. */
export type ContainerFacts = Pick<RuntimeEvent, 'container' | 'pod'>;

/** What holds of the whole machine. */
export interface HostFacts {
  /** Milliseconds since 1970 at which it started. */
  bootTime: number;
  /** Inode of the mount namespace in which runtimes run, for containers that nobody saw begin. */
  mountNamespace: number;
}

/**
 * Turns records of the kernel into runtime events: who acted is known from the process table, names of peers from the
 * answers of name servers that came before. What the container's runtime does to prepare it is not told.
 */
export class Translator {
  readonly #processes = new ProcessTable();
  readonly #names = new Map<string, string>();
  /** Mount namespaces of those who made containers, by the container's cgroup. */
  readonly #runtimes = new Map<number, number>();
  readonly #factsOf: (cgroup: number) => ContainerFacts;
  readonly #host: HostFacts;

  constructor(factsOf: (cgroup: number) => ContainerFacts, host: HostFacts) {
    this.#factsOf = factsOf;
    this.#host = host;
  }

  translate(record: KernelRecord): RuntimeEvent | undefined {
    if (record.kind === 'dns') return this.#learnNames(record);
    if (record.kind === 'cgroup') this.#runtimes.set(record.cgroup, Number(record.values[1]));
    if (record.kind === 'cgroup-gone') this.#runtimes.delete(record.cgroup);
    if (record.kind === 'cgroup' || record.kind === 'cgroup-gone') return undefined;
    if (record.kind === 'fork') return this.#fork(record);
    const process = record.kind === 'exec' ? this.#exec(record) : this.#processOf(record);
    if (record.kind === 'exit') this.#processes.end(process);
    if (process.isRuntime) return undefined;
    const details = detailsOf(record, (address) => this.#names.get(`${record.cgroup} ${address}`));
    if (details === undefined) return undefined;
    const event = { ...this.#eventOf(record, process), ...details };
    return record.kind === 'refusal' && details.type === 'exec' ? asStart(event) : event;
  }

  #learnNames({ cgroup, texts }: KernelRecord): undefined {
    for (const { name, address } of readNameAnswer(texts[0])) {
      const key = `${cgroup} ${address}`;
      this.#names.delete(key);
      this.#names.set(key, name);
      const [oldest] = this.#names.keys();
      if (this.#names.size > MOST_NAMES && oldest !== undefined) this.#names.delete(oldest);
    }
  }

  /** A child is what its parent is, until it runs something else. */
  #fork(record: KernelRecord): undefined {
    const parent = this.#processOf(record);
    this.#processes.put({ ...parent, pid: Number(record.values[0]), start: Number(record.values[1]), parent });
  }

  #exec(record: KernelRecord): SeenProcess {
    const before = this.#processOf(record);
    const { executable, texts } = record;
    return this.#processes.put({
      ...before,
      path: texts[0].toString('utf8'),
      arguments: argumentsOf(texts[2], record.clipped[2]),
      applet: appletOf(texts[0].toString('utf8'), texts[2].toString('utf8')),
      uid: record.effectiveUid,
      inImage: isInImage(executable.flags),
      fileless: (executable.flags & (FILE_FLAG.unlinked | FILE_FLAG.memory)) !== 0,
      capabilities: record.capabilities,
      // A runtime begins as itself, where it made the container's cgroup, and enters the container later.
      isRuntime: before.isRuntime && Number(record.values[2]) === this.#runtimeNamespace(record.cgroup),
    });
  }

  #runtimeNamespace(cgroup: number): number {
    return this.#runtimes.get(cgroup) ?? this.#host.mountNamespace;
  }

  /** Whoever was not seen to begin is the runtime's: a program of a container begins with an exec inside of it. */
  #processOf({ pid, start, parent, parentStart, effectiveUid, comm, capabilities }: KernelRecord): SeenProcess {
    const known = this.#processes.get(pid, start);
    if (known !== undefined) {
      known.uid = effectiveUid;
      known.capabilities = capabilities;
      return known;
    }
    return this.#processes.put({
      pid,
      start,
      parent: this.#processes.get(parent, parentStart),
      path: '',
      arguments: comm,
      uid: effectiveUid,
      inImage: undefined,
      fileless: false,
      capabilities,
      isRuntime: true,
    });
  }

  /** A process that ran before it was watched. */
  adopt(process: Omit<SeenProcess, 'parent' | 'depth' | 'isRuntime'>): void {
    this.#processes.put({ ...process, parent: undefined, isRuntime: false });
  }

  #eventOf(record: KernelRecord, process: SeenProcess): Omit<RuntimeEvent, 'type'> {
    return {
      source: 'sensor',
      time: new Date(this.#host.bootTime + record.time / 1e6).toISOString(),
      ...this.#factsOf(record.cgroup),
      process: told(process, this.#host.bootTime),
      ...(process.parent && !process.parent.isRuntime && { parent: told(process.parent, this.#host.bootTime) }),
    };
  }
}

/** A start that was refused reads like one that was not: who would have run, and who started it. */
function asStart({ process: starter, file, ...event }: RuntimeEvent): RuntimeEvent {
  const process = { path: file?.path ?? '', arguments: '', ...(starter?.uid !== undefined && { uid: starter.uid }) };
  return { ...event, process, ...(starter && { parent: starter }), ...(file && { file }) };
}

/** Whether an executable lies in the image's own layers; unknown where the container's files are on no overlay. */
function isInImage(flags: number): boolean | undefined {
  if ((flags & (FILE_FLAG.memory | FILE_FLAG.changed)) !== 0) return false;
  return (flags & FILE_FLAG.overlay) !== 0;
}

function told(process: SeenProcess, bootTime: number): EventProcess {
  const { path, pid, start, uid, inImage, fileless, capabilities, workingDirectory } = process;
  return {
    path,
    arguments: process.arguments,
    pid,
    uid,
    startTime: new Date(bootTime + start / 1e6).toISOString(),
    executionId: `${pid}:${start}`,
    capabilities: capabilityNames(capabilities),
    ...(process.applet !== undefined && { applet: process.applet }),
    ...(inImage !== undefined && { inImage }),
    ...(fileless && { fileless }),
    ...(workingDirectory !== undefined && { workingDirectory }),
  };
}

/** Arguments as one line, as shells would read it; the program's own name is not among them. */
function argumentsOf(bytes: Buffer, isClipped: boolean): string {
  const words = bytes.toString('utf8').split('\0');
  if (words.at(-1) === '') words.pop();
  const line = words.slice(1).map(quoted).join(' ');
  return isClipped ? `${line} ...` : line;
}

const quoted = (word: string): string =>
  word !== '' && /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
