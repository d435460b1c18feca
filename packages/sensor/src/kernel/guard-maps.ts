import { randomBytes } from 'node:crypto';
import { type Guard, peerKey } from './guard.ts';
import type { Address, Libbpf } from './libbpf.ts';
import { permitKey } from './permit.ts';
import { secretNames } from './secret-names.ts';

const FIRST = Buffer.alloc(4);
const YES = Buffer.from([1]);

/** What guards let, in the kernel: peers and permits of each container, under a secret of this run. */
export class GuardMaps {
  readonly #libbpf: Libbpf;
  readonly #peers: number;
  readonly #permits: number;
  readonly #asked: number;
  readonly #secret = randomBytes(16);
  /** Keys by container, to be taken back: which map, and the key. */
  readonly #keys = new Map<number, Map<string, { map: number; key: Buffer }>>();

  constructor(libbpf: Libbpf, object: Address) {
    const map = (name: string): number => libbpf.descriptorOf(libbpf.findMap(object, name));
    this.#libbpf = libbpf;
    this.#peers = map('peers');
    this.#permits = map('permits');
    this.#asked = map('lsm_asked');
    libbpf.update(map('permit_secrets'), FIRST, this.#secret);
    for (const { key, value } of secretNames()) libbpf.update(map('secret_names'), key, value);
  }

  /** From now on a container may do this, and nothing else that it was let before. */
  allow(container: number, { allowed = [], permits = [] }: Guard): void {
    const before = this.#keys.get(container) ?? new Map();
    const keys: { map: number; key: Buffer }[] = [
      ...allowed.map((peers) => ({ map: this.#peers, key: peerKey(peers, container) })),
      ...permits.map((permit) => ({ map: this.#permits, key: permitKey(permit, container, this.#secret) })),
    ];
    const now = new Map(keys.map((one) => [`${one.map} ${one.key.toString('hex')}`, one]));
    for (const { map, key } of now.values()) this.#libbpf.update(map, key, YES);
    for (const [name, { map, key }] of before) if (!now.has(name)) this.#libbpf.remove(map, key);
    this.#keys.set(container, now);
  }

  /** The container is no more. */
  forget(container: number): void {
    for (const { map, key } of this.#keys.get(container)?.values() ?? []) this.#libbpf.remove(map, key);
    this.#keys.delete(container);
  }

  /** Whether the programs of BPF-LSM are asked: reading a map is a call of which their hook `bpf` hears. */
  areHooksAsked(): boolean {
    const value = Buffer.alloc(8);
    for (let turn = 0; turn < 2; turn++) this.#libbpf.lookUp(this.#asked, FIRST, value);
    return value[0] === 1;
  }
}
