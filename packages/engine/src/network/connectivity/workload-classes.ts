import type { Workload } from '@breakwater/model';
import type { AddressSpan } from '../address.ts';
import type { SelectableEstate } from '../estate.ts';
import { declaredPorts } from '../ports.ts';
import { blockKey } from './external-ranges.ts';
import { type Direction, nameOfPolicy, type Policy, type RulePeer, rulesOf } from './policy.ts';

/** Workloads that no policy tells apart: selected by the same policies and peers, with the same numbers for named ports. */
export interface WorkloadClass {
  /** Positions of its workloads in the estate. */
  members: number[];
  /** Positions of the policies that are put on it. */
  policies: number[];
  /** Workloads on the network of their node: policies and pod peers pass them by. */
  onHost: boolean;
  /** What the named ports of the rules are here: classes with one text have the same. */
  ports: string;
  /** By direction of rules: classes with one text are the same to every peer of them. */
  seenBy: Record<Direction, string>;
}

/** Workloads by what selectors select. */
export interface WorkloadClasses {
  classes: WorkloadClass[];
  /** By workload: the number of its class. */
  classOf: number[];
  /** By `peerKey`, or `blockKey`: the workloads that it selects. */
  selected: Map<string, readonly number[]>;
}

/** A peer that stands for pods. */
export type PodPeer = Exclude<RulePeer, { block: unknown } | { nodes: unknown } | { domain: unknown }>;

/** Whether a peer stands for pods. */
export function isPodPeer(peer: RulePeer): peer is PodPeer {
  return 'pods' in peer;
}

/** A selector of pods as text: what a peer or a subject asks. */
export function peerKey(peer: PodPeer, namespace: string): string {
  return `${peer.namespaces === undefined ? `in ${namespace}` : `where ${peer.namespaces.key}`}\u0000${peer.pods.key}`;
}

/**
 * Groups workloads by what policies can see of them. The work grows with the workloads that each distinct selector
 * selects, not with pairs.
 */
export function workloadClasses(
  estate: SelectableEstate,
  policies: readonly Policy[],
  isInBlock?: (workload: number, block: readonly AddressSpan[]) => boolean,
): WorkloadClasses {
  const { workloads } = estate;
  const selection = new Selection(estate, isInBlock);
  const policiesOf: number[][] = workloads.map(() => []);
  for (const [position, policy] of policies.entries())
    for (const index of selection.of(policy.subject, policy.namespace)) policiesOf[index]!.push(position);
  const marks = { ingress: selection.marks(policies, 'ingress'), egress: selection.marks(policies, 'egress') };
  const names = namesOfPorts(policies, ['ingress', 'egress']);
  const namesThere = namesOfPorts(policies, ['egress']);
  const numbers = new Map<string, number>();
  const classes: WorkloadClass[] = [];
  const classOf = workloads.map((workload, index) => {
    const host = workload.hostNetwork ? 'host' : '';
    const ports = portsOf(workload, names);
    const seenBy = {
      ingress: `${host} ${marks.ingress[index]!.join()}`,
      egress: `${host} ${marks.egress[index]!.join()} ${portsOf(workload, namesThere)}`,
    };
    const key = `${policiesOf[index]!.join()} | ${seenBy.ingress} | ${seenBy.egress} | ${ports}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = classes.length;
      numbers.set(key, number);
      classes.push({ members: [], policies: policiesOf[index]!, onHost: workload.hostNetwork, ports, seenBy });
    }
    classes[number]!.members.push(index);
    return number;
  });
  return { classes, classOf, selected: selection.known };
}

/** What peers and subjects select, each distinct one looked up once. */
class Selection {
  readonly known = new Map<string, readonly number[]>();
  readonly #estate: SelectableEstate;
  readonly #isInBlock: ((workload: number, block: readonly AddressSpan[]) => boolean) | undefined;

  constructor(
    estate: SelectableEstate,
    isInBlock: ((workload: number, block: readonly AddressSpan[]) => boolean) | undefined,
  ) {
    this.#estate = estate;
    this.#isInBlock = isInBlock;
  }

  of(peer: PodPeer, namespace: string): readonly number[] {
    const key = peerKey(peer, namespace);
    let members = this.known.get(key);
    if (members === undefined) {
      members = this.#estate.ofPeer(peer, namespace).filter((index) => !this.#estate.workloads[index]!.hostNetwork);
      this.known.set(key, members);
    }
    return members;
  }

  /** By workload: which distinct peers of the rules of one direction select it. */
  marks(policies: readonly Policy[], direction: Direction): number[][] {
    const marks: number[][] = this.#estate.workloads.map(() => []);
    const marked = new Set<string>();
    for (const policy of policies)
      for (const { peers = [] } of rulesOf(policy, direction))
        for (const peer of peers) {
          const isPods = isPodPeer(peer);
          if (!isPods && (!('block' in peer) || this.#isInBlock === undefined)) continue;
          const key = isPods ? peerKey(peer, policy.namespace) : blockKey(peer.block);
          if (marked.has(key)) continue;
          const members = isPods ? this.of(peer, policy.namespace) : this.#inBlock(peer.block);
          for (const index of members) marks[index]!.push(marked.size);
          marked.add(key);
        }
    return marks;
  }

  #inBlock(block: readonly AddressSpan[]): readonly number[] {
    const key = blockKey(block);
    let members = this.known.get(key);
    if (members === undefined) {
      members = [...this.#estate.workloads.keys()].filter((index) => this.#isInBlock?.(index, block) === true);
      this.known.set(key, members);
    }
    return members;
  }
}

/** The names of ports that rules of some directions speak of. */
function namesOfPorts(policies: readonly Policy[], directions: readonly Direction[]): Set<string> {
  const names = new Set<string>();
  for (const policy of policies)
    for (const direction of directions)
      for (const { ports } of rulesOf(policy, direction))
        for (const port of ports ?? []) if ('name' in port) names.add(port.name);
  return names;
}

/** What the given names are on one workload, as text. */
function portsOf(workload: Workload, names: ReadonlySet<string>): string {
  if (names.size === 0) return '';
  const found = declaredPorts(workload).flatMap(({ name, protocol, containerPort }) =>
    name !== undefined && names.has(name) ? [`${name}=${protocol}/${containerPort}`] : [],
  );
  return [...new Set(found)].sort().join();
}

/** Policies of one direction that are put on a class, in the order in which they are asked. */
export function policiesInOrder(all: readonly Policy[], positions: readonly number[]): Policy[] {
  return positions
    .map((position) => all[position]!)
    .sort((a, b) => a.priority - b.priority || (nameOfPolicy(a) < nameOfPolicy(b) ? -1 : 1));
}
