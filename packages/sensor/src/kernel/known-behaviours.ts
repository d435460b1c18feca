import { randomBytes } from 'node:crypto';
import type { Address, Libbpf } from './libbpf.ts';
import { refused } from './load-object.ts';
import { sumOf, u32 } from './numbers.ts';

/** As many have a slot by their key (`slots` of bpf/maps.h). */
const SLOTS = 8192;
/** `struct slot`: key, count. */
const SLOT = { size: 24, count: 16 } as const;

/** `struct sum_keys`. */
const SUM_KEYS = 10 * 8;

/** Behaviours that the kernel counts and tells no more: each in a slot of its own or, where that is another's, in a map. */
export class KnownBehaviours {
  readonly #libbpf: Libbpf;
  readonly #processors: number;
  readonly #slots: number;
  readonly #known: number;

  constructor(libbpf: Libbpf, object: Address, processors: number) {
    this.#libbpf = libbpf;
    this.#processors = processors;
    this.#slots = libbpf.descriptorOf(libbpf.findMap(object, 'slots'));
    this.#known = libbpf.descriptorOf(libbpf.findMap(object, 'known'));
    const secrets = libbpf.descriptorOf(libbpf.findMap(object, 'sum_keys'));
    if (libbpf.update(secrets, u32(0), randomBytes(SUM_KEYS)) !== 0) throw refused('setting its secrets');
  }

  /** Counts from zero. Who has a slot keeps it: a count would be lost while it is moved. */
  mark(key: Buffer): void {
    const owner = this.#readSlot(key).subarray(0, SLOT.count);
    if (owner.equals(key) || owner.every((byte) => byte === 0)) this.#writeSlot(key, key);
    else this.#libbpf.update(this.#known, key, Buffer.alloc(8 * this.#processors));
  }

  unmark(key: Buffer): void {
    if (isOf(this.#readSlot(key), key)) this.#writeSlot(key, Buffer.alloc(0));
    this.#libbpf.remove(this.#known, key);
  }

  /** How often it happened since it was marked; undefined where it is not, or the kernel let go of it. */
  countOf(key: Buffer): number | undefined {
    const slot = this.#readSlot(key);
    if (isOf(slot, key)) return sumOf(Buffer.concat(this.#counts(slot)));
    const counters = Buffer.alloc(8 * this.#processors);
    return this.#libbpf.lookUp(this.#known, key, counters) === 0 ? sumOf(counters) : undefined;
  }

  /** As each processor has it, one after the other. */
  #readSlot(key: Buffer): Buffer {
    const slot = Buffer.alloc(SLOT.size * this.#processors);
    this.#libbpf.lookUp(this.#slots, slotOf(key), slot);
    return slot;
  }

  #writeSlot(key: Buffer, owner: Buffer): void {
    const slot = Buffer.alloc(SLOT.size * this.#processors);
    for (let at = 0; at < slot.length; at += SLOT.size) owner.copy(slot, at);
    this.#libbpf.update(this.#slots, slotOf(key), slot);
  }

  #counts(slot: Buffer): Buffer[] {
    return Array.from({ length: this.#processors }, (_, processor) =>
      slot.subarray(processor * SLOT.size + SLOT.count, (processor + 1) * SLOT.size),
    );
  }
}

const isOf = (slot: Buffer, key: Buffer): boolean => slot.subarray(0, SLOT.count).equals(key);

/** The same that the kernel's programs compute: of both words of a key. */
const slotOf = (key: Buffer): Buffer => u32(((key.readUInt32LE(0) ^ key.readUInt32LE(8)) >>> 0) % SLOTS);
