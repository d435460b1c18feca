import { UserError } from '@breakwater/model';
import { type Guard, guardBits, peerKey } from './guard.ts';
import { type Address, type Libbpf, loadLibbpf } from './libbpf.ts';
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
const CGROUP_PROGRAMS = ['on_packet', 'on_connect4', 'on_send4', 'on_connect6', 'on_send6'];
const OBJECT = new URL('../../bpf/sensor.bpf.o', import.meta.url);

/** The sensor's programs in the kernel, until they are closed. Nothing of what is not watched ever leaves the kernel. */
export class KernelWatch {
  readonly #libbpf: Libbpf;
  readonly #object: Address;
  readonly #links: Address[] = [];
  readonly #ring: RingBuffer;
  readonly #maps: { watched: number; known: number; lost: number; peers: number };
  readonly #processors: number;

  private constructor(libbpf: Libbpf, object: Address, options: WatchOptions, processors: number) {
    this.#libbpf = libbpf;
    this.#object = object;
    this.#processors = processors;
    const map = (name: string): number => libbpf.descriptorOf(libbpf.findMap(object, name));
    this.#maps = { watched: map('watched'), known: map('known'), lost: map('lost'), peers: map('peers') };
    this.#ring = new RingBuffer(libbpf, map('events'), options.bufferSize);
    const { blocks, audits } = guardBits(options.newContainers);
    libbpf.update(map('settings'), u32(0), Buffer.concat([u32(1), u16(blocks), u16(audits)]));
  }

  /** Loads and attaches. @throws {UserError} `kernel-refused` with the reason, where the kernel does not take a program. */
  static async open(options: WatchOptions): Promise<KernelWatch> {
    const libbpf = await loadLibbpf();
    const object = libbpf.openObject(OBJECT.pathname);
    if (object === 0n) throw refused('reading its object');
    libbpf.setEntries(libbpf.findMap(object, 'events'), options.bufferSize);
    const failure = libbpf.load(object);
    if (failure !== 0) {
      libbpf.close(object);
      throw refused(`loading its programs (error ${-failure})`);
    }
    const watch = new KernelWatch(libbpf, object, options, await possibleProcessors());
    try {
      watch.#attach(options.cgroupRoot);
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
    for (const name of PROGRAMS) keep(name, attach(findProgram(this.#object, name)));
    for (const name of CGROUP_PROGRAMS) keep(name, attachToCgroup(findProgram(this.#object, name), cgroupRoot));
  }

  /** Watches and guards a cgroup from now on; where it was watched before, with this guard instead. */
  watch({ cgroup, container, runtime, guard }: WatchedCgroup): void {
    const { blocks, audits } = guardBits(guard);
    for (const peers of guard.allowed ?? [])
      this.#libbpf.update(this.#maps.peers, peerKey(peers, container), Buffer.from([1]));
    this.#libbpf.update(
      this.#maps.watched,
      u64(cgroup),
      Buffer.concat([u64(container), u32(runtime), u16(blocks), u16(audits)]),
    );
  }

  unwatch(cgroup: number): void {
    this.#libbpf.remove(this.#maps.watched, u64(cgroup));
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

function refused(step: string): UserError {
  return new UserError(`The kernel refused the sensor: ${step} failed.`, {
    code: 'kernel-refused',
    hint: 'It needs root (CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN), Linux 5.17 or later on x86-64, and /sys/kernel/btf/vmlinux.',
  });
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
