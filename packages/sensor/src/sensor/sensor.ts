import { closeSync, openSync } from 'node:fs';
import type { RuntimeEvent } from '@breakwater/model';
import {
  type ContainerFacts,
  cgroupsFrom,
  containerIdOf,
  describeContainer,
  findCgroupRoot,
  findContainerCgroups,
  processesIn,
} from '../containers/index.ts';
import { type Guard, type KernelRecord, KernelWatch } from '../kernel/index.ts';
import { type HostFacts, Translator } from '../observe/index.ts';
import { readHost } from './read-host.ts';
import { readProcess } from './read-process.ts';

/** What a sensor watches, and who is told. */
export interface SensorOptions {
  /** Whether a container is watched, once it is known what it is; all are where this is left out. */
  chooses?: (facts: ContainerFacts) => boolean;
  /** What a container is kept from, once it is known what it is. */
  guardOf?: (facts: ContainerFacts) => Guard;
  /** Whether each opened file is told; otherwise a program's file is told once, and counted in the kernel after that. */
  everyOpen?: boolean;
  take(event: RuntimeEvent): void;
  /** Bytes of the kernel's buffer, a power of two. */
  bufferSize?: number;
}

const BUFFER = 8 * 1024 * 1024;
/** Milliseconds between two looks at the buffer. */
const PAUSE = 20;
/** Records in one turn: other work has its turn after that. */
const MOST = 5000;
const LOSS_PAUSE = 1000;

/** Watches the containers of this host until it is closed. */
export class Sensor {
  readonly #options: SensorOptions;
  readonly #root: string;
  readonly #kernel: KernelWatch;
  readonly #host: HostFacts;
  readonly #translator: Translator;
  readonly #facts = new Map<number, ContainerFacts>();
  /** Containers that are being looked up: what they do waits until it is known what they are. */
  readonly #waiting = new Map<number, KernelRecord[]>();
  readonly #lookups = new Set<Promise<void>>();
  readonly #lost = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #lastLossAt = 0;
  #closed = false;

  private constructor(options: SensorOptions, root: string, kernel: KernelWatch) {
    this.#options = options;
    this.#root = root;
    this.#kernel = kernel;
    this.#host = readHost();
    this.#translator = new Translator((cgroup) => this.#facts.get(cgroup) ?? {}, this.#host);
  }

  /** Loads the programs, finds the containers that run, and begins. @throws {UserError} where this host cannot be watched */
  static async open(options: SensorOptions): Promise<Sensor> {
    const root = findCgroupRoot();
    const descriptor = openSync(root, 'r');
    try {
      const bufferSize = options.bufferSize ?? BUFFER;
      const kernel = await KernelWatch.open({ cgroupRoot: descriptor, bufferSize, newContainers: {} });
      const sensor = new Sensor(options, root, kernel);
      for (const { id, path, containerId } of await findContainerCgroups(root))
        await sensor.#adopt(id, path, containerId);
      sensor.#look();
      return sensor;
    } finally {
      closeSync(descriptor);
    }
  }

  /** Watches a container that ran before, with the processes that it has. */
  async #adopt(cgroup: number, path: string, containerId: string): Promise<void> {
    const facts = await describeContainer(containerId);
    if (this.#options.chooses?.(facts) === false) return;
    this.#facts.set(cgroup, facts);
    const guard = this.#options.guardOf?.(facts) ?? {};
    for (const below of await cgroupsFrom(this.#root, path)) {
      this.#kernel.watch({ cgroup: below.id, container: cgroup, runtime: this.#host.mountNamespace, guard });
      for (const pid of processesIn(this.#root, below.path)) {
        const process = readProcess(pid);
        if (process !== undefined) this.#translator.adopt(process);
      }
    }
  }

  #look(): void {
    const count = this.#kernel.consume((record) => this.#take(record), MOST);
    const now = Date.now();
    if (now - this.#lastLossAt >= LOSS_PAUSE) {
      this.#lastLossAt = now;
      this.#tellLoss();
    }
    if (!this.#closed) this.#timer = setTimeout(() => this.#look(), count === MOST ? 0 : PAUSE);
  }

  #take(record: KernelRecord): void {
    const isNew = record.kind === 'cgroup' && !this.#facts.has(Number(record.values[0]));
    const waiting = this.#waiting.get(record.cgroup);
    if (isNew) this.#meet(record);
    else if (waiting !== undefined) waiting.push(record);
    else if (this.#facts.has(record.cgroup)) this.#translate(record);
  }

  /** A container that begins: its runtime writes down what it is before its first program runs. */
  #meet(record: KernelRecord): void {
    const { cgroup, texts } = record;
    const containerId = containerIdOf(texts[0].toString('utf8'));
    if (containerId === undefined || this.#waiting.has(cgroup)) return;
    this.#waiting.set(cgroup, [record]);
    const lookup = this.#lookUp(record, containerId).finally(() => this.#lookups.delete(lookup));
    this.#lookups.add(lookup);
  }

  async #lookUp({ cgroup, values }: KernelRecord, containerId: string): Promise<void> {
    const facts = await describeContainer(containerId);
    const waiting = this.#waiting.get(cgroup) ?? [];
    this.#waiting.delete(cgroup);
    if (this.#options.chooses?.(facts) === false) {
      this.#kernel.unwatch(cgroup);
      return;
    }
    this.#facts.set(cgroup, facts);
    const guard = this.#options.guardOf?.(facts);
    if (guard !== undefined) this.#kernel.watch({ cgroup, container: cgroup, runtime: Number(values[1]), guard });
    for (const record of waiting) this.#translate(record);
  }

  #translate(record: KernelRecord): void {
    if (record.kind === 'cgroup-gone') {
      this.#facts.delete(record.cgroup);
      this.#kernel.forget(record.cgroup);
      return;
    }
    if (record.kind === 'open' && this.#options.everyOpen !== true) this.#kernel.markKnown(record);
    const event = this.#translator.translate(record);
    if (event !== undefined) this.#options.take(event);
  }

  #tellLoss(): void {
    for (const [kind, total] of this.#kernel.lost()) {
      const lost = total - (this.#lost.get(kind) ?? 0);
      this.#lost.set(kind, total);
      if (lost > 0)
        this.#options.take({ source: 'sensor', time: new Date().toISOString(), type: 'loss', call: kind, lost });
    }
  }

  /** Takes the programs out of the kernel. What is in the buffer is told before. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    while (this.#kernel.consume((record) => this.#take(record), MOST) === MOST);
    await Promise.all(this.#lookups);
    this.#tellLoss();
    this.#kernel.close();
  }
}
