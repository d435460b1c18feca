import { closeSync, openSync } from 'node:fs';
import type { GuardName } from '@breakwater/model';
import { ConnectionGuards } from './connection-guards.ts';
import { type Guard, guardBits } from './guard.ts';
import { GuardMaps } from './guard-maps.ts';
import { KnownBehaviours } from './known-behaviours.ts';
import { type Address, type Libbpf, loadLibbpf } from './libbpf.ts';
import { CAPABILITY_PROGRAM, type LoadedObject, loadObject, RING_PROGRAM, refused } from './load-object.ts';
import { guardsHeldBy } from './lsm-programs.ts';
import { sumOf, u16, u32, u64 } from './numbers.ts';
import { PacketPrograms } from './packet-programs.ts';
import { probingCode } from './probing-code.ts';
import { tracingPrograms } from './programs.ts';
import { type KernelRecord, KINDS, type RecordKind, readRecord } from './record.ts';
import { RingBuffer } from './ring-buffer.ts';

/** What the kernel is asked to tell. */
export interface WatchOptions {
  /** Folder of the unified cgroup hierarchy. */
  cgroupRoot: string;
  /** Bytes of the ring buffer, a power of two. */
  bufferSize: number;
  /** What holds of containers that start, from their first moment. */
  newContainers: Guard;
  /** Whether it is told which system calls each container makes. */
  tellsCalls: boolean;
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
const WATCH_SIZE = 16;

/** `struct mark`: how many were watched, whose mark it is, how that is watched, and a bit for each call that was told. */
const MARK = { size: 96, cgroup: 8, watch: 16, calls: 32 } as const;
const MAPS = ['watched', 'marks', 'origins', 'programs', 'losses'] as const;

/** The sensor's programs in the kernel, until they are closed. Nothing of what is not watched ever leaves the kernel. */
export class KernelWatch {
  readonly #libbpf: Libbpf;
  readonly #object: Address;
  readonly #links: Address[] = [];
  readonly #ring: RingBuffer;
  readonly #maps: Readonly<Record<(typeof MAPS)[number], number>>;
  readonly #guards: GuardMaps;
  readonly #known: KnownBehaviours;
  readonly #cgroupRoot: number;
  #connections: ConnectionGuards | undefined;
  #packets: PacketPrograms | undefined;
  /** Guards that BPF-LSM holds: what they stop fails, and has no effect. */
  lsm: ReadonlySet<GuardName> = new Set();
  /** Whether files and connections that are asked for through io_uring are seen. */
  seesRings = false;
  /** Whether it is seen which capabilities are needed. */
  seesCapabilities = false;
  /** Whether it is told which system calls each container makes. */
  readonly tellsCalls: boolean;

  private constructor(libbpf: Libbpf, object: Address, options: WatchOptions, processors: number) {
    this.#libbpf = libbpf;
    this.#object = object;
    this.#cgroupRoot = openSync(options.cgroupRoot, 'r');
    this.#known = new KnownBehaviours(libbpf, object, processors);
    const map = (name: string): number => libbpf.descriptorOf(libbpf.findMap(object, name));
    this.#maps = Object.fromEntries(MAPS.map((name) => [name, map(name)])) as Record<(typeof MAPS)[number], number>;
    this.#guards = new GuardMaps(libbpf, object);
    this.#ring = new RingBuffer(libbpf, map('events'), options.bufferSize);
    const { blocks, audits } = guardBits(options.newContainers);
    libbpf.update(map('settings'), u32(0), Buffer.concat([u32(1), u16(blocks), u16(audits)]));
    this.tellsCalls = options.tellsCalls;
  }

  /** Loads and attaches. @throws {UserError} `kernel-refused` with the reason, where the kernel does not take a program. */
  static async open(options: WatchOptions): Promise<KernelWatch> {
    const libbpf = await loadLibbpf();
    const processors = await possibleProcessors();
    const loaded = loadObject(libbpf, { ...options, processors });
    const watch = new KernelWatch(libbpf, loaded.object, options, processors);
    try {
      watch.#attach();
      watch.#packets = new PacketPrograms(libbpf, loaded.object, options.cgroupRoot);
      watch.#attachGuards(loaded, options.newContainers);
    } catch (cause) {
      watch.close();
      throw cause;
    }
    return watch;
  }

  /** Whether the kernel still takes what guards connections. */
  get guardsConnections(): boolean {
    return this.#connections?.guardsConnections === true;
  }

  /** Whether sockets that are files are guarded by the names that programs write. */
  get guardsUnixNames(): boolean {
    return this.#connections?.guardsUnixNames === true;
  }

  #attach(): void {
    const { findProgram, attach } = this.#libbpf;
    for (const name of tracingPrograms(this.tellsCalls)) {
      const link = attach(findProgram(this.#object, name));
      if (BigInt(link) === 0n) throw refused(`attaching ${name}`);
      this.#links.push(link);
    }
  }

  /** What not every kernel has. Programs of BPF-LSM may be taken and never asked: then they are taken out again. */
  #attachGuards({ lsm, hasUnixProgram, hasRingProgram, hasCapabilityProgram }: LoadedObject, guard: Guard): void {
    const { findProgram, attach, detach } = this.#libbpf;
    const links = lsm.map(({ program, hook }) => ({ hook, link: attach(findProgram(this.#object, program)) }));
    const held = links.filter(({ link }) => BigInt(link) !== 0n);
    if (held.length > 0 && this.#guards.areHooksAsked()) {
      this.#links.push(...held.map(({ link }) => link));
      this.lsm = guardsHeldBy(new Set(held.map(({ hook }) => hook)));
    } else for (const { link } of held) detach(link);
    this.#connections = new ConnectionGuards(this.#libbpf, this.#object, this.#cgroupRoot, hasUnixProgram);
    this.#connections.beginFor(guard);
    const ring = hasRingProgram ? attach(findProgram(this.#object, RING_PROGRAM)) : 0n;
    this.seesRings = BigInt(ring) !== 0n;
    if (this.seesRings) this.#links.push(ring);
    this.seesCapabilities = this.lsm.size > 0 || (hasCapabilityProgram && this.#attachCapabilities());
  }

  /** What only probes needs none: where that is not known, nothing is said of any. */
  #attachCapabilities(): boolean {
    const code = probingCode();
    if (code.length === 0) return false;
    const map = this.#libbpf.descriptorOf(this.#libbpf.findMap(this.#object, 'probing_code'));
    for (const [slot, range] of code.entries()) this.#libbpf.update(map, u32(slot), range);
    const link = this.#libbpf.attach(this.#libbpf.findProgram(this.#object, CAPABILITY_PROGRAM));
    if (BigInt(link) !== 0n) this.#links.push(link);
    return BigInt(link) !== 0n;
  }

  /** There is a container at this path below the root of the cgroups: name servers' answers to it are looked for. */
  hearNames(path: string): void {
    this.#packets?.cover(path);
  }

  /** Tries once more to guard connections where the kernel refused it; whether that is news. */
  guardAgain(): boolean {
    return this.#connections?.tryAgain() === true;
  }

  /** Watches and guards a cgroup from now on; where it was watched before, with this guard instead. */
  watch({ cgroup, container, runtime, guard }: WatchedCgroup): void {
    const { blocks, audits } = guardBits(guard);
    this.#connections?.beginFor(guard);
    this.#guards.allow(container, guard);
    const value = Buffer.concat([u64(container), u32(runtime), u16(blocks), u16(audits)]);
    this.#libbpf.update(this.#maps.watched, u64(cgroup), value);
    this.#mark(cgroup, value);
  }

  /** As the kernel's programs do: a mark is nobody's, or of who is watched no more, or stays with whom it is. */
  #mark(cgroup: number, watch: Buffer): void {
    const slot = u32(cgroup % MARKS);
    const mark = Buffer.alloc(MARK.size);
    this.#libbpf.lookUp(this.#maps.marks, slot, mark);
    const owner = mark.subarray(MARK.cgroup, MARK.watch);
    if (!owner.equals(u64(cgroup))) {
      if (this.#libbpf.lookUp(this.#maps.watched, owner, Buffer.alloc(WATCH_SIZE)) === 0) return;
      u64(cgroup).copy(owner);
      mark.fill(0, MARK.calls);
      mark.writeBigUInt64LE(mark.readBigUInt64LE(0) + 1n, 0);
    }
    // Without its container first: a half of it would guard nothing, and who finds none looks into `watched`.
    watch.copy(mark.fill(0, MARK.watch, MARK.calls), MARK.watch + 8, 8);
    this.#libbpf.update(this.#maps.marks, slot, mark);
    watch.copy(mark, MARK.watch);
    this.#libbpf.update(this.#maps.marks, slot, mark);
  }

  unwatch(cgroup: number): void {
    this.#libbpf.remove(this.#maps.watched, u64(cgroup));
    this.#ignore(cgroup);
    this.forget(cgroup);
  }

  /** Its processes go on, and their calls are nothing to us: as if all were told. */
  #ignore(cgroup: number): void {
    const slot = u32(cgroup % MARKS);
    const mark = Buffer.alloc(MARK.size);
    this.#libbpf.lookUp(this.#maps.marks, slot, mark);
    if (mark.readBigUInt64LE(MARK.cgroup) !== BigInt(cgroup)) return;
    this.#libbpf.update(this.#maps.marks, slot, mark.fill(0, MARK.watch, MARK.calls).fill(0xff, MARK.calls));
  }

  /** What a container that is no more was allowed is taken back, and what it was is no more known. */
  forget(container: number): void {
    this.#packets?.tidy();
    this.#guards.forget(container);
    this.#libbpf.remove(this.#maps.origins, u64(container));
  }

  /** What a process that runs already runs: its events, and those of its children, carry this id. */
  markProgram(pid: number, id: number): void {
    this.#libbpf.update(this.#maps.programs, u32(pid), Buffer.concat([u64(id), u64(0)]));
  }

  unmarkProgram(pid: number): void {
    this.#libbpf.remove(this.#maps.programs, u32(pid));
  }

  /** From now on what has this key is counted in the kernel and told no more. */
  markKnown(key: Buffer): void {
    this.#known.mark(key);
  }

  /** From now on it is told again, until it is marked again. */
  unmarkKnown(key: Buffer): void {
    this.#known.unmark(key);
  }

  /** How often something happened since it was marked as known; undefined where it was let go of. */
  countOf(key: Buffer): number | undefined {
    return this.#known.countOf(key);
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

  /** Has the C library give back what it keeps for later. */
  trimMemory(): void {
    this.#libbpf.trimMemory();
  }

  close(): void {
    for (const link of this.#links.splice(0)) this.#libbpf.detach(link);
    this.#connections?.close();
    this.#packets?.close();
    closeSync(this.#cgroupRoot);
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
