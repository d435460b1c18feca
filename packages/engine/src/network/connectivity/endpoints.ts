import type { AddressSpan } from '../address.ts';
import type { SelectableEstate } from '../estate.ts';
import { covers } from './domain-names.ts';
import { type ExternalRange, ExternalRanges, holdsFamily } from './external-ranges.ts';
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
  /** Names of hosts outside, with the numbers of their ends. */
  readonly #domains: readonly { domain: string; number: number }[];
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
    const firstDomain = this.#firstRange + this.#ranges.list.length;
    const names = leadsOutside ? domainNames(policies) : [];
    this.#domains = names.map((domain, at) => ({ domain, number: firstDomain + at }));
    const firstStranger = firstDomain + names.length;
    this.#firstUnseen = firstStranger + strangers.length;
    this.strangers = strangers.map((stranger, at) => ({ number: firstStranger + at, stranger }));
    this.list = [
      ...classes.map((one) => ({ kind: 'workloads' as const, class: one })),
      ...this.#ranges.list.map((range) => ({ kind: 'external' as const, range })),
      ...names.map((domain) => ({ kind: 'external' as const, range: { spans: [], domain } })),
      ...strangers.map((stranger) => ({ kind: 'stranger' as const, stranger })),
      ...this.#unseen.list.map((peer) => ({ kind: 'unseen' as const, peer })),
    ];
  }

  /** Numbers of the ends outside that a block of some rule holds. */
  *inBlock(block: readonly AddressSpan[]): Generator<number> {
    for (const range of this.#ranges.of(block)) yield this.#firstRange + range;
    if (holdsFamily(block)) for (const { number } of this.#domains) yield number;
  }

  /** Numbers of the hosts outside that a name of a rule stands for. */
  *named(domain: string): Generator<number> {
    for (const other of this.#domains) if (covers(domain, other.domain)) yield other.number;
  }

  /** Numbers of the workloads that are not there yet and of which a peer speaks. */
  *unseenBy(peer: PodPeer, namespace: string): Generator<number> {
    for (const number of this.#unseen.of(peer, namespace)) yield this.#firstUnseen + number;
  }
}

function domainNames(policies: readonly Policy[]): string[] {
  const names = policies.flatMap((policy) =>
    peersOf(policy).flatMap((peer) => ('domain' in peer ? [peer.domain] : [])),
  );
  return [...new Set(names)];
}
