import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import { FILE_FLAG, type KernelRecord } from '../kernel/record.ts';
import { appletOf } from './applet.ts';
import { capabilityNames } from './capabilities.ts';
import { detailsOf } from './details.ts';
import { isInImage } from './in-image.ts';
import { pathText } from './path-text.ts';
import { PeerNames, type ResolversOf } from './peer-names.ts';
import { type Program, Programs } from './programs.ts';

/** What a container's events carry with them. */
export type ContainerFacts = Pick<RuntimeEvent, 'container' | 'pod'>;

/** What the translator asks about the host and its containers. */
export interface HostFacts {
  /** Milliseconds since 1970 at which the machine started; may change when somebody sets its clock. */
  bootTime: number;
  factsOf(cgroup: number): ContainerFacts;
  resolversOf: ResolversOf;
  /** A process that runs, by what /proc tells; undefined where it ended meanwhile. */
  readProgram(pid: number): Program | undefined;
  /** SHA-256 of what a process runs, where it can be had. */
  digestOf(started: { pid: number; start: number; path: string }): string | undefined;
}

const UNSEEN: Program = { path: '', arguments: '', inImage: undefined, fileless: false };

/**
 * Turns records of the kernel into runtime events: what a process runs is known from the start that was told, names of
 * peers from the answers of name servers that came before.
 */
export class Translator {
  readonly #programs = new Programs();
  readonly #names: PeerNames;
  readonly #host: HostFacts;

  constructor(host: HostFacts) {
    this.#host = host;
    this.#names = new PeerNames(host.resolversOf);
  }

  /** What a process that ran before it was watched runs, under the id that the kernel was given for it. */
  adopt(id: number, program: Program): void {
    this.#programs.put(id, program);
  }

  translate(record: KernelRecord): RuntimeEvent | undefined {
    if (record.kind === 'dns') this.#names.learn(record);
    const details = detailsOf(record, (address) => this.#names.get(record.cgroup, address));
    if (details === undefined || (details.prevention === undefined && isOfRuntime(record))) return undefined;
    const program = record.kind === 'exec' ? this.#start(record) : this.#programOf(record.program, record.pid);
    const event = { ...this.#eventOf(record, program), ...details };
    return record.kind === 'refusal' && details.type === 'exec' ? asStart(event) : event;
  }

  #start(record: KernelRecord): Program {
    const { executable, texts, pid, start } = record;
    const path = pathText(texts[0]);
    const inImage = isInImage(executable.flags);
    const isForeign = inImage === false && (executable.flags & (FILE_FLAG.local | FILE_FLAG.memory)) !== 0;
    const program: Program = {
      path,
      arguments: argumentsOf(texts[2], record.clipped[2]),
      applet: appletOf(path, texts[2].toString('utf8')),
      inImage,
      fileless: (executable.flags & (FILE_FLAG.unlinked | FILE_FLAG.memory)) !== 0,
      digest: isForeign ? this.#host.digestOf({ pid, start, path }) : undefined,
    };
    this.#programs.put(record.program, program);
    return program;
  }

  /** Of one whose start nobody saw, what it runs now. */
  #programOf(id: number, pid: number): Program {
    return this.#programs.get(id) ?? this.#host.readProgram(pid) ?? UNSEEN;
  }

  #eventOf(record: KernelRecord, program: Program): Omit<RuntimeEvent, 'type'> {
    const { pid, start, parent, parentStart, parentProgram, effectiveUid, capabilities } = record;
    const { bootTime } = this.#host;
    return {
      source: 'sensor',
      time: new Date(bootTime + record.time / 1e6).toISOString(),
      ...this.#host.factsOf(record.cgroup),
      process: {
        ...told(program, pid, start, bootTime),
        uid: effectiveUid,
        capabilities: capabilityNames(capabilities),
      },
      ...(parentProgram !== 0 && {
        parent: told(this.#programOf(parentProgram, parent), parent, parentStart, bootTime),
      }),
    };
  }
}

const OF_CONTAINER = FILE_FLAG.overlay | FILE_FLAG.unlayered;

/**
 * A runtime that enters a container is moved into its cgroup a moment before the kernel's programs are told of it: nobody
 * there started it, and what it runs is not the container's. What guards decide does not depend on it.
 */
const isOfRuntime = ({ kind, pid, program, parentProgram, executable }: KernelRecord): boolean =>
  kind !== 'exec' && pid !== 0 && program === 0 && parentProgram === 0 && (executable.flags & OF_CONTAINER) === 0;

/** A start that was refused reads like one that was not: who would have run, and who started it. */
function asStart({ process: starter, file, ...event }: RuntimeEvent): RuntimeEvent {
  const process = { path: file?.path ?? '', arguments: '', ...(starter?.uid !== undefined && { uid: starter.uid }) };
  return { ...event, process, ...(starter && { parent: starter }), ...(file && { file }) };
}

function told(program: Program, pid: number, start: number, bootTime: number): EventProcess {
  const { path, applet, inImage, fileless, digest } = program;
  return {
    path,
    arguments: program.arguments,
    ...(applet !== undefined && { applet }),
    pid,
    startTime: new Date(bootTime + start / 1e6).toISOString(),
    executionId: `${pid}:${start}`,
    ...(inImage !== undefined && { inImage }),
    ...(fileless && { fileless }),
    ...(digest !== undefined && { digest }),
  };
}

/** Arguments as one line, as shells would read it; the program's own name is not among them. */
function argumentsOf(bytes: Buffer, isClipped: boolean): string {
  const words = pathText(bytes).split('\0');
  if (words.at(-1) === '') words.pop();
  const line = words.slice(1).map(quoted).join(' ');
  return isClipped ? `${line} ...` : line;
}

const quoted = (word: string): string =>
  word !== '' && /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
