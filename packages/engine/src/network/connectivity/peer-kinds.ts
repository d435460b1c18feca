import { holdsPrivate } from '../address.ts';
import { addBit, type Bits, emptyBits, membersOf } from '../bits.ts';
import { selects } from '../selector.ts';
import type { Endpoint, Endpoints } from './endpoints.ts';
import { blockKey } from './external-ranges.ts';
import type { Direction, RulePeer } from './policy.ts';
import { type PodPeer, peerKey } from './workload-classes.ts';

/** What a name of a port is where nobody declares it yet. */
export const UNSEEN_PORTS = 'unseen';

/**
 * Ends as the rules of one direction see them: those that no peer of these rules tells apart are one kind. There are few
 * kinds where there are many workloads, so sets of peers are sets of kinds.
 */
export class PeerKinds {
  readonly size: number;
  /** By end: its kind. */
  readonly kindOf: Uint32Array;
  readonly everyone: Bits;
  readonly #endpoints: Endpoints;
  /** By kind: what named ports are there, in the words of `WorkloadClass.ports`. */
  readonly #ports: string[] = [];
  readonly #onHost: number[] = [];
  readonly #bits = new Map<string, Bits>();
  readonly #expanded = new WeakMap<Bits, Bits>();
  #byPorts: Map<string, Bits> | undefined;
  #members: number[][] | undefined;

  constructor(endpoints: Endpoints, direction: Direction) {
    this.#endpoints = endpoints;
    this.kindOf = new Uint32Array(endpoints.list.length);
    const kinds = new Map<string, number>();
    for (const [number, end] of endpoints.list.entries()) {
      const key = end.kind === 'workloads' ? end.class.seenBy[direction] : `end ${number}`;
      let kind = kinds.get(key);
      if (kind === undefined) {
        kind = kinds.size;
        kinds.set(key, kind);
        this.#ports.push(portsOf(end));
        if (end.kind === 'workloads' && end.class.onHost) this.#onHost.push(kind);
      }
      this.kindOf[number] = kind;
    }
    this.size = kinds.size;
    this.everyone = emptyBits(this.size);
    for (let kind = 0; kind < this.size; kind++) addBit(this.everyone, kind);
  }

  /** The kinds that a peer of a rule stands for. The set is shared: do not change it. */
  ofPeer(peer: RulePeer, namespace: string): Bits {
    if ('nodes' in peer) return emptyBits(this.size);
    const key = 'block' in peer ? `block ${blockKey(peer.block)}` : peerKey(peer, namespace);
    let bits = this.#bits.get(key);
    if (bits === undefined) {
      bits = 'block' in peer ? this.#ofBlock(peer) : this.#ofPods(peer, namespace, key);
      this.#bits.set(key, bits);
    }
    return bits;
  }

  /** The kinds of some ends. */
  kindsOf(ends: Bits): Bits {
    const kinds = emptyBits(this.size);
    for (const end of membersOf(ends)) addBit(kinds, this.kindOf[end]!);
    return kinds;
  }

  /** The ends that are of some kinds. The set is shared: do not change it. */
  endsOf(kinds: Bits): Bits {
    let ends = this.#expanded.get(kinds);
    if (ends === undefined) {
      this.#members ??= this.#membersByKind();
      ends = emptyBits(this.kindOf.length);
      for (const kind of membersOf(kinds)) for (const end of this.#members[kind]!) addBit(ends, end);
      this.#expanded.set(kinds, ends);
    }
    return ends;
  }

  #membersByKind(): number[][] {
    const members: number[][] = Array.from({ length: this.size }, () => []);
    for (const [end, kind] of this.kindOf.entries()) members[kind]!.push(end);
    return members;
  }

  /** Kinds by what named ports are there. */
  get byPorts(): ReadonlyMap<string, Bits> {
    if (this.#byPorts !== undefined) return this.#byPorts;
    this.#byPorts = new Map<string, Bits>();
    for (const [kind, ports] of this.#ports.entries()) {
      let bits = this.#byPorts.get(ports);
      if (bits === undefined) {
        bits = emptyBits(this.size);
        this.#byPorts.set(ports, bits);
      }
      addBit(bits, kind);
    }
    return this.#byPorts;
  }

  /** Workloads on the network of their node answer under its address, which is one of the private ones as a rule. */
  #ofBlock({ block }: Extract<RulePeer, { block: unknown }>): Bits {
    const bits = emptyBits(this.size);
    const { classOf, selected } = this.#endpoints;
    for (const number of this.#endpoints.inBlock(block)) addBit(bits, this.kindOf[number]!);
    for (const index of selected.get(blockKey(block)) ?? []) addBit(bits, this.kindOf[classOf[index]!]!);
    if (this.#onHost.length > 0 && holdsPrivate(block)) for (const kind of this.#onHost) addBit(bits, kind);
    return bits;
  }

  #ofPods(peer: PodPeer, namespace: string, key: string): Bits {
    const bits = emptyBits(this.size);
    const { classOf, selected, strangers } = this.#endpoints;
    for (const index of selected.get(key) ?? []) addBit(bits, this.kindOf[classOf[index]!]!);
    for (const number of this.#endpoints.unseenBy(peer, namespace)) addBit(bits, this.kindOf[number]!);
    const anywhere = peer.namespaces;
    if (anywhere === undefined) return bits;
    for (const { number, stranger } of strangers)
      if (selects(anywhere, stranger.namespaceLabels) && selects(peer.pods, stranger.podLabels))
        addBit(bits, this.kindOf[number]!);
    return bits;
  }
}

function portsOf(end: Endpoint): string {
  if (end.kind === 'workloads') return end.class.ports;
  return end.kind === 'unseen' ? UNSEEN_PORTS : '';
}
