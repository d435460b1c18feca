import type { AddressSpan } from '../address.ts';
import type { SelectableEstate } from '../estate.ts';
import { type ExternalRange, ExternalRanges } from './external-ranges.ts';
import { type Policy, peersOf } from './policy.ts';
import { type UnseenPeer, UnseenPeers } from './unseen-peers.ts';
import { type PodPeer, type WorkloadClass, workloadClasses } from './workload-classes.ts';

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

/** What else can be an end. */
export interface EndpointOptions {
  strangers: readonly Stranger[];
  leadsOutside: boolean;
  isInBlock: ((workload: number, block: readonly AddressSpan[]) => boolean) | undefined;
}

/** Every end that a connection may have, by number: classes of workloads, ranges outside, strangers, unseen peers. */
export class Endpoints {
  readonly list: readonly Endpoint[];
  /** By workload: its class, which is also the number of the end. */
  readonly classOf: readonly number[];
  /** By `peerKey`: the workloads that a peer selects. */
  readonly selected: ReadonlyMap<string, readonly number[]>;
  readonly strangers: readonly { number: number; stranger: Stranger }[];
  readonly #ranges: ExternalRanges;
  readonly #firstRange: number;
  readonly #unseen: UnseenPeers;
  readonly #firstUnseen: number;

  constructor(
    estate: SelectableEstate,
    policies: readonly Policy[],
    { strangers, leadsOutside, isInBlock }: EndpointOptions,
  ) {
    const { classes, classOf, selected } = workloadClasses(estate, policies, isInBlock);
    const blocks = policies.flatMap((policy) =>
      peersOf(policy).flatMap((peer) => ('block' in peer ? [peer.block] : [])),
    );
    this.classOf = classOf;
    this.selected = selected;
    this.#ranges = new ExternalRanges(leadsOutside ? blocks : undefined);
    this.#unseen = new UnseenPeers(policies, estate);
    this.#firstRange = classes.length;
    const firstStranger = this.#firstRange + this.#ranges.list.length;
    this.#firstUnseen = firstStranger + strangers.length;
    this.strangers = strangers.map((stranger, at) => ({ number: firstStranger + at, stranger }));
    this.list = [
      ...classes.map((one) => ({ kind: 'workloads' as const, class: one })),
      ...this.#ranges.list.map((range) => ({ kind: 'external' as const, range })),
      ...strangers.map((stranger) => ({ kind: 'stranger' as const, stranger })),
      ...this.#unseen.list.map((peer) => ({ kind: 'unseen' as const, peer })),
    ];
  }

  /** Numbers of the ends outside that a block of some rule holds. */
  *inBlock(block: readonly AddressSpan[]): Generator<number> {
    for (const range of this.#ranges.of(block)) yield this.#firstRange + range;
  }

  /** Numbers of the workloads that are not there yet and of which a peer speaks. */
  *unseenBy(peer: PodPeer, namespace: string): Generator<number> {
    for (const number of this.#unseen.of(peer, namespace)) yield this.#firstUnseen + number;
  }
}
