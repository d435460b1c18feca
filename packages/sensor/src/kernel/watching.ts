import type { GuardName } from '@breakwater/model';
import { type Guard, guardBits } from './guard.ts';
import { GuardMaps } from './guard-maps.ts';
import { type Address, type Libbpf, loadLibbpf } from './libbpf.ts';
import { type LoadedObject, loadObject, RING_PROGRAM, refused, UNIX_PROGRAM } from './load-object.ts';
import { guardsHeldBy } from './lsm-programs.ts';
import { sumOf, u16, u32, u64 } from './numbers.ts';
import { CGROUP_PROGRAMS, TRACING_PROGRAMS } from './programs.ts';
import { type KernelRecord, KINDS, type RecordKind, readRecord } from './record.ts';
import { RingBuffer } from './ring-buffer.ts';

/** What the kernel is asked to tell. */
export interface WatchOptions {
  /** Descriptor of the root of the unified cgroup hierarchy. */
  cgroupRoot: number;
  /** Bytes of the ring buffer, a power of two. */
  bufferSize: number;
  /** What holds of containers that start, from their first moment. */
  newContainers: Guard;
}

/** A cgroup that is watched. */
export interface WatchedCgroup {
  cgroup: number;
  /** The container's own, where this is one below it. */
  container: number;
  /** Mount namespace of its runtime. */
  runtime: number;
  guard: Guard;
}

/** Events of a container that found no room in the buffer since the start. */
export interface Loss {
  /** Cgroup of the container; 0 for all others together. */
  container: number;
  kind: RecordKind;
  count: number;
}

/** Cgroups share so many marks, which say whether one of theirs is watched (bpf/maps.h). */
const MARKS = 4096;
/** More than cgroups will be made: a mark that is set so is not counted down to nothing by anybody. */
const MARKED = 2 ** 40;

const MAPS = ['watched', 'marks', 'origins', 'known', 'programs', 'losses'] as const;

/** The sensor's programs in the kernel, until they are closed. Nothing of what is not watched ever leaves the kernel. */
export class KernelWatch {
  readonly #libbpf: Libbpf;
  readonly #object: Address;
  readonly #links: Address[] = [];
  readonly #ring: RingBuffer;
  readonly #maps: Readonly<Record<(typeof MAPS)[number], number>>;
  readonly #guards: GuardMaps;
  readonly #processors: number;
  /** Guards that BPF-LSM holds: what they stop fails, and has no effect. */
  lsm: ReadonlySet<GuardName> = new Set();
  /** Whether sockets that are files are guarded by the names that programs write. */
  guardsUnixNames = false;
  /** Whether files and connections that are asked for through io_uring are seen. */
  seesRings = false;

  private constructor(libbpf: Libbpf, object: Address, options: WatchOptions, processors: number) {
    this.#libbpf = libbpf;
    this.#object = object;
    this.#processors = processors;
    const map = (name: string): number => libbpf.descriptorOf(libbpf.findMap(object, name));
    this.#maps = Object.fromEntries(MAPS.map((name) => [name, map(name)])) as Record<(typeof MAPS)[number], number>;
    this.#guards = new GuardMaps(libbpf, object);
    this.#ring = new RingBuffer(libbpf, map('events'), options.bufferSize);
    const { blocks, audits } = guardBits(options.newContainers);
    libbpf.update(map('settings'), u32(0), Buffer.concat([u32(1), u16(blocks), u16(audits)]));
  }

  /** Loads and attaches. @throws {UserError} `kernel-refused` with the reason, where the kernel does not take a program. */
  static async open(options: WatchOptions): Promise<KernelWatch> {
    const libbpf = await loadLibbpf();
    const processors = await possibleProcessors();
    const loaded = loadObject(libbpf, options.bufferSize, processors);
    const watch = new KernelWatch(libbpf, loaded.object, options, processors);
    try {
      watch.#attach(options.cgroupRoot);
      watch.#attachGuards(options.cgroupRoot, loaded);
    } catch (cause) {
      watch.close();
      throw cause;
    }
    return watch;
  }

  #attach(cgroupRoot: number): void {
    const { findProgram, attach, attachToCgroup } = this.#libbpf;
    const keep = (name: string, link: Address): void => {
      if (BigInt(link) === 0n) throw refused(`attaching ${name}`);
      this.#links.push(link);
    };
    for (const name of TRACING_PROGRAMS) keep(name, attach(findProgram(this.#object, name)));
    for (const name of CGROUP_PROGRAMS) keep(name, attachToCgroup(findProgram(this.#object, name), cgroupRoot));
  }

  /** What not every kernel has. Programs of BPF-LSM may be taken and never asked: then they are taken out again. */
  #attachGuards(cgroupRoot: number, { lsm, hasUnixProgram, hasRingProgram }: LoadedObject): void {
    const { findProgram, attach, attachToCgroup, detach } = this.#libbpf;
    const links = lsm.map(({ program, hook }) => ({ hook, link: attach(findProgram(this.#object, program)) }));
    const held = links.filter(({ link }) => BigInt(link) !== 0n);
    if (held.length > 0 && this.#guards.areHooksAsked()) {
      this.#links.push(...held.map(({ link }) => link));
      this.lsm = guardsHeldBy(new Set(held.map(({ hook }) => hook)));
    } else for (const { link } of held) detach(link);
    const link = hasUnixProgram ? attachToCgroup(findProgram(this.#object, UNIX_PROGRAM), cgroupRoot) : 0n;
    this.guardsUnixNames = BigInt(link) !== 0n;
    if (this.guardsUnixNames) this.#links.push(link);
    const ring = hasRingProgram ? attach(findProgram(this.#object, RING_PROGRAM)) : 0n;
    this.seesRings = BigInt(ring) !== 0n;
    if (this.seesRings) this.#links.push(ring);
  }

  /** Watches and guards a cgroup from now on; where it was watched before, with this guard instead. */
  watch({ cgroup, container, runtime, guard }: WatchedCgroup): void {
    const { blocks, audits } = guardBits(guard);
    this.#guards.allow(container, guard);
    const value = Buffer.concat([u64(container), u32(runtime), u16(blocks), u16(audits)]);
    this.#libbpf.update(this.#maps.watched, u64(cgroup), value);
    this.#libbpf.update(this.#maps.marks, u32(cgroup % MARKS), u64(MARKED));
  }

  unwatch(cgroup: number): void {
    this.#libbpf.remove(this.#maps.watched, u64(cgroup));
    this.forget(cgroup);
  }

  /** What a container that is no more was allowed is taken back, and what it was is no more known. */
  forget(container: number): void {
    this.#guards.forget(container);
    this.#libbpf.remove(this.#maps.origins, u64(container));
  }

  /** What a process that runs already runs: its events, and those of its children, carry this id. */
  markProgram(pid: number, id: number): void {
    this.#libbpf.update(this.#maps.programs, u32(pid), Buffer.concat([u64(id), u64(0)]));
  }

  /** From now on what has this key is counted in the kernel and told no more. */
  markKnown(key: Buffer): void {
    this.#libbpf.update(this.#maps.known, key, Buffer.alloc(8 * this.#processors));
  }

  /** How often something happened since it was marked as known; undefined where it was let go of. */
  countOf(key: Buffer): number | undefined {
    const counters = Buffer.alloc(8 * this.#processors);
    return this.#libbpf.lookUp(this.#maps.known, key, counters) === 0 ? sumOf(counters) : undefined;
  }

  /** Gives `take` what is there, at most so many; how many there were. */
  consume(take: (record: KernelRecord) => void, most: number): number {
    return this.#ring.consume((bytes) => take(readRecord(bytes)), most);
  }

  /** Events that found no room since the start. */
  losses(): Loss[] {
    const found: Loss[] = [];
    const value = Buffer.alloc(8);
    const next = Buffer.alloc(16);
    for (let key: Buffer | null = null; this.#libbpf.nextKey(this.#maps.losses, key, next) === 0; ) {
      key = Buffer.from(next);
      const kind = KINDS[Number(key.readBigUInt64LE(8))];
      if (kind === undefined || kind === '' || this.#libbpf.lookUp(this.#maps.losses, key, value) !== 0) continue;
      found.push({ container: Number(key.readBigUInt64LE(0)), kind, count: sumOf(value) });
    }
    return found;
  }

  /** The losses of a container that is no more make room for those of others. */
  forgetLoss({ container, kind }: Loss): void {
    this.#libbpf.remove(this.#maps.losses, Buffer.concat([u64(container), u64(KINDS.indexOf(kind))]));
  }

  close(): void {
    for (const link of this.#links.splice(0)) this.#libbpf.detach(link);
    this.#ring.close();
    this.#libbpf.close(this.#object);
  }
}

/** Processors that may come: as many values has a per-processor map. `0-3` or `0` in the file. */
async function possibleProcessors(): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile('/sys/devices/system/cpu/possible', 'utf8');
  return Number(/(\d+)\s*$/.exec(text)?.[1] ?? 0) + 1;
}
