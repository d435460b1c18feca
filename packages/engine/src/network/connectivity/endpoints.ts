import { holdsPrivate } from '../address.ts';
import { addBit, type Bits, emptyBits } from '../bits.ts';
import type { SelectableEstate } from '../estate.ts';
import { selects } from '../selector.ts';
import { blockKey, type ExternalRange, externalRanges } from './external-ranges.ts';
import type { Policy, RulePeer } from './policy.ts';
import { speaksOf, type UnseenPeer, unseenPeers } from './unseen-peers.ts';
import { peerKey, type WorkloadClass, workloadClasses } from './workload-classes.ts';

/** A pod that the manifests do not hold, but that is known to be: the controller behind an Ingress. */
export interface Stranger {
  name: string;
  namespaceLabels: ReadonlyMap<string, string>;
  podLabels: ReadonlyMap<string, string>;
}

/** What one end of a connection can be. */
export type Endpoint =
  | { kind: 'workloads'; class: WorkloadClass }
  | { kind: 'external'; range: ExternalRange }
  | { kind: 'stranger'; stranger: Stranger }
  | { kind: 'unseen'; peer: UnseenPeer };

/** Every end that a connection may have, by number: classes of workloads, ranges outside, strangers, unseen peers. */
export class Endpoints {
  readonly list: readonly Endpoint[];
  readonly classes: readonly WorkloadClass[];
  /** By workload: its class. */
  readonly classOf: readonly number[];
  readonly everyone: Bits;
  readonly #selected: ReadonlyMap<string, readonly number[]>;
  readonly #bits = new Map<string, Bits>();

  constructor(estate: SelectableEstate, policies: readonly Policy[], strangers: readonly Stranger[]) {
    const { classes, classOf, selected } = workloadClasses(estate, policies);
    const blocks = policies.flatMap(({ ingress, egress }) =>
      [...(ingress ?? []), ...(egress ?? [])].flatMap(({ peers }) =>
        (peers ?? []).flatMap((peer) => ('block' in peer ? [peer.block] : [])),
      ),
    );
    this.classes = classes;
    this.classOf = classOf;
    this.#selected = selected;
    this.list = [
      ...classes.map((one) => ({ kind: 'workloads' as const, class: one })),
      ...externalRanges(blocks).map((range) => ({ kind: 'external' as const, range })),
      ...strangers.map((stranger) => ({ kind: 'stranger' as const, stranger })),
      ...unseenPeers(policies, estate).map((peer) => ({ kind: 'unseen' as const, peer })),
    ];
    this.everyone = emptyBits(this.list.length);
    for (let number = 0; number < this.list.length; number++) addBit(this.everyone, number);
  }

  /** The ends that a peer of a rule stands for. The set is shared: do not change it. */
  ofPeer(peer: RulePeer, namespace: string): Bits {
    if ('nodes' in peer) return emptyBits(this.list.length);
    const key = 'block' in peer ? `block ${blockKey(peer.block)}` : peerKey(peer, namespace);
    let bits = this.#bits.get(key);
    if (bits === undefined) {
      bits = 'block' in peer ? this.#ofBlock(peer) : this.#ofPods(peer, namespace, key);
      this.#bits.set(key, bits);
    }
    return bits;
  }

  /** Workloads on the network of their node answer under its address, which is one of the private ones as a rule. */
  #ofBlock({ block }: Extract<RulePeer, { block: unknown }>): Bits {
    const bits = emptyBits(this.list.length);
    const key = blockKey(block);
    const nodes = holdsPrivate(block);
    for (const [number, end] of this.list.entries()) {
      if (end.kind === 'external' && end.range.blocks.has(key)) addBit(bits, number);
      if (end.kind === 'workloads' && end.class.onHost && nodes) addBit(bits, number);
    }
    return bits;
  }

  #ofPods(peer: Exclude<RulePeer, { block: unknown } | { nodes: unknown }>, namespace: string, key: string): Bits {
    const bits = emptyBits(this.list.length);
    for (const index of this.#selected.get(key) ?? []) addBit(bits, this.classOf[index]!);
    for (let number = this.classes.length; number < this.list.length; number++) {
      const end = this.list[number]!;
      if (end.kind === 'unseen' && speaksOf(peer, namespace, end.peer)) addBit(bits, number);
      if (end.kind !== 'stranger' || peer.namespaces === undefined) continue;
      const { namespaceLabels, podLabels } = end.stranger;
      if (selects(peer.namespaces, namespaceLabels) && selects(peer.pods, podLabels)) addBit(bits, number);
    }
    return bits;
  }
}
