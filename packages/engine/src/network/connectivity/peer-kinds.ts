import { holdsPrivate } from '../address.ts';
import { selects } from '../selector.ts';
import type { Endpoint, Endpoints } from './endpoints.ts';
import { blockKey } from './external-ranges.ts';
import { KindSet } from './kind-set.ts';
import type { Direction, RulePeer } from './policy.ts';
import { isPodPeer, type PodPeer, peerKey } from './workload-classes.ts';

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
  readonly everyone: KindSet;
  readonly nobody: KindSet;
  readonly #endpoints: Endpoints;
  /** By kind: what named ports are there, in the words of `WorkloadClass.ports`. */
  readonly #ports: string[] = [];
  /** Workloads on the network of their node. */
  readonly hosts: KindSet;
  /** Addresses that nodes may have: a workload on the network of its node has one of them, and which is not known. */
  readonly neighbours: KindSet;
  readonly #onHost: number[] = [];
  readonly #sets = new Map<string, KindSet>();
  #byPorts: Map<string, KindSet> | undefined;

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
    this.nobody = KindSet.of(this.size, []);
    this.everyone = KindSet.of(this.size, kinds.values());
    this.hosts = KindSet.of(this.size, this.#onHost);
    this.neighbours = this.#onHost.length === 0 ? this.nobody : KindSet.of(this.size, this.#private());
  }

  /** The kinds that a peer of a rule stands for. */
  ofPeer(peer: RulePeer, namespace: string): KindSet {
    if ('nodes' in peer) return this.nobody;
    const key = keyOf(peer, namespace);
    let kinds = this.#sets.get(key);
    if (kinds === undefined) {
      kinds = KindSet.of(this.size, this.#find(peer, namespace, key));
      this.#sets.set(key, kinds);
    }
    return kinds;
  }

  /** The kinds that any of some peers stands for. */
  ofPeers(peers: readonly RulePeer[], namespace: string): KindSet {
    if (peers.length === 1) return this.ofPeer(peers[0]!, namespace);
    const key = peers.map((peer) => ('nodes' in peer ? '' : keyOf(peer, namespace))).join('\u0001');
    let kinds = this.#sets.get(key);
    if (kinds === undefined) {
      kinds = peers.reduce((all, peer) => all.union(this.ofPeer(peer, namespace)), this.nobody);
      this.#sets.set(key, kinds);
    }
    return kinds;
  }

  #find(peer: Exclude<RulePeer, { nodes: unknown }>, namespace: string, key: string): Iterable<number> {
    if (isPodPeer(peer)) return this.#ofPods(peer, namespace, key);
    return 'block' in peer ? this.#inBlock(peer) : this.#named(peer.domain);
  }

  /** Kinds by what named ports are there. */
  get byPorts(): ReadonlyMap<string, KindSet> {
    if (this.#byPorts === undefined) {
      const kinds = Map.groupBy(this.#ports.keys(), (kind) => this.#ports[kind]!);
      this.#byPorts = new Map([...kinds].map(([ports, members]) => [ports, KindSet.of(this.size, members)]));
    }
    return this.#byPorts;
  }

  *#private(): Generator<number> {
    for (const [number, end] of this.#endpoints.list.entries())
      if (end.kind === 'external' && holdsPrivate(end.range.spans)) yield this.kindOf[number]!;
  }

  /** Workloads on the network of their node answer under its address, which is one of the private ones as a rule. */
  *#inBlock({ block }: Extract<RulePeer, { block: unknown }>): Generator<number> {
    const { classOf, selected } = this.#endpoints;
    for (const number of this.#endpoints.inBlock(block)) yield this.kindOf[number]!;
    for (const index of selected.get(blockKey(block)) ?? []) yield this.kindOf[classOf[index]!]!;
    if (this.#onHost.length > 0 && holdsPrivate(block)) yield* this.#onHost;
  }

  *#named(domain: string): Generator<number> {
    for (const number of this.#endpoints.named(domain)) yield this.kindOf[number]!;
  }

  *#ofPods(peer: PodPeer, namespace: string, key: string): Generator<number> {
    const { classOf, selected, strangers } = this.#endpoints;
    for (const index of selected.get(key) ?? []) yield this.kindOf[classOf[index]!]!;
    for (const number of this.#endpoints.unseenBy(peer, namespace)) yield this.kindOf[number]!;
    const anywhere = peer.namespaces;
    if (anywhere === undefined) return;
    for (const { number, stranger } of strangers)
      if (selects(anywhere, stranger.namespaceLabels) && selects(peer.pods, stranger.podLabels))
        yield this.kindOf[number]!;
  }
}

function keyOf(peer: Exclude<RulePeer, { nodes: unknown }>, namespace: string): string {
  if (isPodPeer(peer)) return peerKey(peer, namespace);
  return 'block' in peer ? `block ${blockKey(peer.block)}` : `domain ${peer.domain}`;
}

function portsOf(end: Endpoint): string {
  if (end.kind === 'workloads') return end.class.ports;
  return end.kind === 'unseen' ? UNSEEN_PORTS : '';
}
