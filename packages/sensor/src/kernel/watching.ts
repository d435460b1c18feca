import type { GuardName } from '@breakwater/model';
import { type Guard, guardBits } from './guard.ts';
import { GuardMaps } from './guard-maps.ts';
import { type Address, type Libbpf, loadLibbpf } from './libbpf.ts';
import { type LoadedObject, loadObject, refused, UNIX_PROGRAM } from './load-object.ts';
import { guardsHeldBy } from './lsm-programs.ts';
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

const PROGRAMS = ['on_exec', 'on_exit', 'on_fork', 'on_sys_exit', 'on_cgroup', 'on_cgroup_gone'];
/** Who is a container's runtime has to be known before anything is judged (bpf/preparing.h). */
const FIRST_PROGRAMS = ['on_attach_task', 'on_prepared_fork'];
const CGROUP_PROGRAMS = ['on_packet', 'on_connect4', 'on_send4', 'on_connect6', 'on_send6', 'on_socket_create'];

/** The sensor's programs in the kernel, until they are closed. Nothing of what is not watched ever leaves the kernel. */
export class KernelWatch {
  readonly #libbpf: Libbpf;
  readonly #object: Address;
  readonly #links: Address[] = [];
  readonly #ring: RingBuffer;
  readonly #maps: { watched: number; known: number; lost: number };
  readonly #guards: GuardMaps;
  readonly #processors: number;
  /** Guards that BPF-LSM holds: what they stop fails, and has no effect. */
  lsm: ReadonlySet<GuardName> = new Set();
  /** Whether sockets that are files are guarded by the names that programs write. */
  guardsUnixNames = false;

  private constructor(libbpf: Libbpf, object: Address, options: WatchOptions, processors: number) {
    this.#libbpf = libbpf;
    this.#object = object;
    this.#processors = processors;
    const map = (name: string): number => libbpf.descriptorOf(libbpf.findMap(object, name));
    this.#maps = { watched: map('watched'), known: map('known'), lost: map('lost') };
    this.#guards = new GuardMaps(libbpf, object);
    this.#ring = new RingBuffer(libbpf, map('events'), options.bufferSize);
    const { blocks, audits } = guardBits(options.newContainers);
    libbpf.update(map('settings'), u32(0), Buffer.concat([u32(1), u16(blocks), u16(audits)]));
  }

  /** Loads and attaches. @throws {UserError} `kernel-refused` with the reason, where the kernel does not take a program. */
  static async open(options: WatchOptions): Promise<KernelWatch> {
    const libbpf = await loadLibbpf();
    const loaded = loadObject(libbpf, options.bufferSize);
    const watch = new KernelWatch(libbpf, loaded.object, options, await possibleProcessors());
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
    for (const name of [...FIRST_PROGRAMS, ...PROGRAMS]) keep(name, attach(findProgram(this.#object, name)));
    for (const name of CGROUP_PROGRAMS) keep(name, attachToCgroup(findProgram(this.#object, name), cgroupRoot));
  }

  /** What not every kernel has. Programs of BPF-LSM may be taken and never asked: then they are taken out again. */
  #attachGuards(cgroupRoot: number, { lsm, hasUnixProgram }: LoadedObject): void {
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
  }

  /** Watches and guards a cgroup from now on; where it was watched before, with this guard instead. */
  watch({ cgroup, container, runtime, guard }: WatchedCgroup): void {
    const { blocks, audits } = guardBits(guard);
    this.#guards.allow(container, guard);
    this.#libbpf.update(
      this.#maps.watched,
      u64(cgroup),
      Buffer.concat([u64(container), u32(runtime), u16(blocks), u16(audits)]),
    );
  }

  unwatch(cgroup: number): void {
    this.#libbpf.remove(this.#maps.watched, u64(cgroup));
    this.forget(cgroup);
  }

  /** What a container that is no more was allowed is taken back. */
  forget(container: number): void {
    this.#guards.forget(container);
  }

  /** From now on this behaviour is counted in the kernel and told no more: the two keys of an `open` record. */
  markKnown({ values }: KernelRecord): void {
    const key = Buffer.alloc(16);
    key.writeBigUInt64LE(values[4], 0);
    key.writeBigUInt64LE(values[5], 8);
    this.#libbpf.update(this.#maps.known, key, u64(1));
  }

  /** Gives `take` what is there, at most so many; how many there were. */
  consume(take: (record: KernelRecord) => void, most: number): number {
    return this.#ring.consume((bytes) => take(readRecord(bytes)), most);
  }

  /** Events that found no room since the start, by kind. */
  lost(): Map<RecordKind, number> {
    const counts = new Map<RecordKind, number>();
    const value = Buffer.alloc(8 * this.#processors);
    for (const [index, kind] of KINDS.entries()) {
      if (kind === '' || this.#libbpf.lookUp(this.#maps.lost, u32(index), value) !== 0) continue;
      let count = 0;
      for (let at = 0; at < value.length; at += 8) count += Number(value.readBigUInt64LE(at));
      if (count > 0) counts.set(kind, count);
    }
    return counts;
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

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
