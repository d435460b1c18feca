import {
  cgroupsFrom,
  containerIdOf,
  describeContainer,
  describeNewContainer,
  findCgroupRoot,
  findContainerCgroups,
  processesIn,
  readSettings,
} from '../containers/index.ts';
import type { Holding } from '../guards/index.ts';
import { type Guard, type KernelRecord, KernelWatch } from '../kernel/index.ts';
import { Translator } from '../observe/index.ts';
import { CallsInUse, waitingCalls } from './calls-in-use.ts';
import { ContainerGuards } from './container-guards.ts';
import { existingListeners } from './join-container.ts';
import { isCounted, KnownDeeds } from './known-deeds.ts';
import { OwnMemory } from './own-memory.ts';
import { ProgramDigests } from './program-digests.ts';
import { bootTimeNow, hostMountNamespace } from './read-host.ts';
import { readProgram } from './read-program.ts';
import { readResolvers } from './read-resolvers.ts';
import { Reports } from './reports.ts';
import type { SensorOptions } from './sensor-options.ts';
import { watchEvent } from './watch-event.ts';
import { type WatchedContainer, WatchedContainers } from './watched-containers.ts';

const BUFFER = 8 * 1024 * 1024;
/** Milliseconds between two looks at the buffer, where the last found something, and where it found nothing. */
const PAUSE = 20;
const IDLE_PAUSE = 50;
/** Records in one turn: other work has its turn after that. */
const MOST = 5000;
const TICK = 1000;
/** Ticks between two looks at the calls in which processes wait. */
const CALLS_EVERY = 10;
/** Records of a container that wait until it is known what it is. */
const MOST_WAITING = 10_000;
/** Ids of programs that ran before they were watched; the kernel's own are far above. */
let nextProgram = 1;

/** Watches the containers of this host until it is closed. */
export class Sensor {
  readonly #options: SensorOptions;
  readonly #root: string;
  readonly #kernel: KernelWatch;
  readonly #translator: Translator;
  readonly #containers = new WatchedContainers();
  /** Containers that are being looked up: what they do waits until it is known what they are. */
  readonly #waiting = new Map<number, KernelRecord[]>();
  readonly #lookups = new Set<Promise<void>>();
  readonly #known: KnownDeeds;
  readonly #calls = new CallsInUse();
  readonly #reports: Reports;
  readonly #guards: ContainerGuards;
  readonly #memory: OwnMemory | undefined;
  /** Guarded, and their first program was not seen yet. */
  readonly #beginning = new Set<number>();
  readonly #host: { bootTime: number };
  #timer: NodeJS.Timeout | undefined;
  #lastTick = 0;
  #ticks = 0;
  #isPaused = false;
  #closed = false;

  private constructor(options: SensorOptions, root: string, kernel: KernelWatch) {
    this.#options = options;
    this.#root = root;
    this.#kernel = kernel;
    const digests = new ProgramDigests();
    const host = {
      bootTime: bootTimeNow(),
      factsOf: (cgroup: number) => this.#containers.get(cgroup)?.facts ?? {},
      resolversOf: (cgroup: number) => this.#containers.get(cgroup)?.resolvers,
      readProgram,
      digestOf: (started: { pid: number; start: number; path: string }) => digests.find(started, Date.now()),
    };
    this.#host = host;
    this.#known = new KnownDeeds(kernel);
    this.#translator = new Translator(host);
    this.#reports = new Reports(options, kernel, this.#containers, this.#known);
    this.#guards = new ContainerGuards(kernel, root);
    if (options.ownsProcess === true) this.#memory = new OwnMemory(() => kernel.trimMemory(), Date.now());
  }

  /** What this kernel holds by itself: guards by BPF-LSM, and whether sockets that are files are guarded by their names. */
  get held(): Pick<KernelWatch, 'lsm' | 'guardsConnections' | 'guardsUnixNames' | 'seesRings' | 'seesCapabilities'> {
    return this.#kernel;
  }

  /** Loads the programs, finds the containers that run, and begins. @throws {UserError} where this host cannot be watched */
  static async open(options: SensorOptions): Promise<Sensor> {
    const root = findCgroupRoot();
    const kernel = await KernelWatch.open({
      cgroupRoot: root,
      bufferSize: options.bufferSize ?? BUFFER,
      newContainers: options.fromStart ?? {},
      tellsCalls: options.tellsCalls === true,
    });
    const sensor = new Sensor(options, root, kernel);
    for (const { id, path, containerId } of await findContainerCgroups(root))
      await sensor.#adopt(id, path, containerId);
    sensor.#look();
    return sensor;
  }

  /** Watches a container that ran before, with the processes that it has. */
  async #adopt(cgroup: number, path: string, containerId: string): Promise<void> {
    const facts = await describeContainer(containerId);
    if (this.#options.chooses?.(facts) === false) return;
    this.#kernel.hearNames(path);
    const container = this.#containers.add(cgroup, facts, `${this.#root}${path}`, Date.now());
    const guard = this.#options.guardOf?.(facts) ?? {};
    await this.#guards.put({ cgroup, path, runtime: hostMountNamespace(), facts, guard });
    this.#options.take(watchEvent(facts, this.#kernel, false, await readSettings(containerId)));
    const pids = await this.#processesOf(path);
    for (const pid of pids) this.#adoptProcess(container, pid);
    for (const event of existingListeners(facts, pids, new Date().toISOString())) this.#options.take(event);
    if (this.#options.guardOf !== undefined) this.#options.guarded?.(facts);
  }

  async #processesOf(path: string): Promise<number[]> {
    return (await cgroupsFrom(this.#root, path)).flatMap((below) => processesIn(this.#root, below.path));
  }

  /** Another guard for a container that is watched. */
  async guard(containerId: string, guard: Guard): Promise<void> {
    await this.#guards.change(containerId, guard);
  }

  /** What the guards of a container are worth. */
  holdings(containerId: string): Holding[] {
    return this.#guards.holdings(containerId);
  }

  #adoptProcess(container: WatchedContainer, pid: number): void {
    const program = readProgram(pid);
    if (program === undefined) return;
    container.resolvers ??= readResolvers(pid);
    const id = nextProgram++;
    this.#translator.adopt(id, program);
    this.#kernel.markProgram(pid, id);
    // Where it ended just before, nobody would take the mark off the next that gets its number.
    if (readProgram(pid) === undefined) this.#kernel.unmarkProgram(pid);
  }

  #look(): void {
    const count = this.#isPaused ? 0 : this.#kernel.consume((record) => this.#take(record), MOST);
    const now = Date.now();
    if (Math.abs(now - this.#lastTick) >= TICK) {
      this.#lastTick = now;
      this.#followClock();
      this.#reports.tell(now);
      if (this.#kernel.guardAgain()) for (const [, { facts }] of this.#containers) this.#options.guarded?.(facts);
      this.#memory?.settle(now);
      if (this.#kernel.tellsCalls && ++this.#ticks % CALLS_EVERY === 0) this.#tellWaitingCalls();
    }
    const pause = count === MOST ? 0 : count > 0 ? PAUSE : IDLE_PAUSE;
    if (!this.#closed) this.#timer = setTimeout(() => this.#look(), pause);
  }

  /** Of a container's own cgroup: those below it are rare, and what they call is told when it returns. */
  #tellWaitingCalls(): void {
    for (const [cgroup, { folder }] of this.#containers)
      for (const number of waitingCalls(processesIn(folder, '')))
        this.#tellCall(cgroup, number, new Date().toISOString());
  }

  #tellCall(cgroup: number, number: number, time: string): void {
    const event = this.#calls.take(cgroup, number, this.#containers.get(cgroup)?.facts ?? {}, time);
    if (event !== undefined) this.#options.take(event);
  }

  /** Times of events follow the clock where somebody sets it, and else do not tremble with it. */
  #followClock(): void {
    const bootTime = bootTimeNow();
    if (Math.abs(bootTime - this.#host.bootTime) > TICK / 2) this.#host.bootTime = bootTime;
  }

  /** Nothing is taken until `resume`: for whoever takes events more slowly than they come. What finds no room is counted. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  #take(record: KernelRecord): void {
    const isNew = record.kind === 'cgroup' && !this.#containers.has(Number(record.values[0]));
    const waiting = this.#waiting.get(record.cgroup);
    if (isNew) this.#meet(record);
    else if (waiting !== undefined) this.#wait(waiting, record);
    else if (this.#containers.has(record.cgroup)) this.#tell(record);
  }

  #wait(waiting: KernelRecord[], record: KernelRecord): void {
    if (waiting.length < MOST_WAITING) waiting.push(record);
    else this.#reports.countLoss(record.cgroup, record.kind);
  }

  /** A container that begins: its runtime writes down what it is before its first program runs. */
  #meet(record: KernelRecord): void {
    const { cgroup, texts } = record;
    const path = texts[0].toString('utf8');
    const containerId = containerIdOf(path);
    if (containerId === undefined || this.#waiting.has(cgroup)) return;
    this.#kernel.hearNames(path);
    this.#waiting.set(cgroup, [record]);
    const lookup = this.#lookUp(record, containerId).finally(() => this.#lookups.delete(lookup));
    this.#lookups.add(lookup);
  }

  async #lookUp({ cgroup, values, texts }: KernelRecord, containerId: string): Promise<void> {
    // What it is started with is written before it starts: nothing waits for that.
    const [facts, settings] = await Promise.all([
      describeNewContainer(containerId, () => this.#closed),
      readSettings(containerId),
    ]);
    if (this.#options.chooses?.(facts) === false) {
      this.#waiting.delete(cgroup);
      this.#kernel.unwatch(cgroup);
      this.#reports.decline(cgroup);
      return;
    }
    const path = texts[0].toString('utf8');
    this.#containers.add(cgroup, facts, `${this.#root}${path}`, Date.now());
    const guard = this.#options.guardOf?.(facts);
    if (guard !== undefined) {
      this.#beginning.add(cgroup);
      await this.#guards.put({ cgroup, path, runtime: Number(values[1]), facts, guard });
    }
    this.#options.take(watchEvent(facts, this.#kernel, true, settings));
    const waiting = this.#waiting.get(cgroup) ?? [];
    this.#waiting.delete(cgroup);
    for (const record of waiting) this.#tell(record);
  }

  #tell(record: KernelRecord): void {
    if (record.kind === 'call-used') this.#takeCall(record);
    else this.#translate(record);
  }

  #translate(record: KernelRecord): void {
    if (record.kind === 'cgroup-gone') this.#part(record.cgroup);
    if (record.kind === 'exec') {
      const container = this.#containers.get(record.cgroup);
      if (container !== undefined) container.resolvers ??= readResolvers(record.pid);
    }
    const event = this.#translator.translate(record);
    if (event === undefined) return;
    // What a guard decided about is told each time, known or not.
    if (event.prevention === undefined && isCounted(record)) {
      if (this.#known.isRepeat(record.key)) return;
      if (this.#options.isKnown?.(event) !== false) this.#reports.know(record.key, event);
    }
    this.#options.take(event);
    if (event.type === 'exec' && this.#beginning.delete(record.cgroup)) this.#options.guarded?.(event);
  }

  /** Some the kernel cannot keep in mind by itself. */
  #takeCall({ cgroup, call, time, values, key }: KernelRecord): void {
    if (values[0] !== 0n) this.#kernel.markKnown(key);
    this.#tellCall(cgroup, call, new Date(this.#host.bootTime + time / 1e6).toISOString());
  }

  /** A container that is no more: what it lost and used is told with its name. */
  #part(cgroup: number): void {
    this.#reports.tellLast(cgroup, Date.now());
    const facts = this.#containers.get(cgroup)?.facts;
    this.#guards.remove(facts?.container?.id ?? '');
    this.#beginning.delete(cgroup);
    if (facts !== undefined) this.#options.ended?.(facts);
    this.#containers.remove(cgroup);
    this.#calls.forget(cgroup);
    this.#kernel.forget(cgroup);
  }

  /** Takes the programs out of the kernel. What is in the buffer is told before. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    while (this.#kernel.consume((record) => this.#take(record), MOST) === MOST);
    await Promise.all(this.#lookups);
    this.#reports.tellAll(Date.now());
    this.#kernel.close();
  }
}
