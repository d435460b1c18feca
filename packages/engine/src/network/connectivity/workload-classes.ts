import type { Workload } from '@breakwater/model';
import type { SelectableEstate } from '../estate.ts';
import { declaredPorts } from '../ports.ts';
import { type Direction, nameOfPolicy, type Policy, type RulePeer } from './policy.ts';

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
  /** Classes with one text are the same to every egress rule. */
  asDestination: string;
}

/** A selector of pods as text: what a peer or a subject asks. */
export function peerKey(peer: Exclude<RulePeer, { block: unknown } | { nodes: unknown }>, namespace: string): string {
  return `${peer.namespaces === undefined ? `in ${namespace}` : `where ${peer.namespaces.key}`}\u0000${peer.pods.key}`;
}

/** The names of ports that rules of some directions speak of. */
function namesOfPorts(policies: readonly Policy[], directions: readonly Direction[]): string[] {
  const names = policies.flatMap((policy) =>
    directions
      .flatMap((direction) => policy[direction] ?? [])
      .flatMap(({ ports }) => (ports ?? []).flatMap((port) => ('name' in port ? [port.name] : []))),
  );
  return [...new Set(names)].sort();
}

/**
 * Groups workloads by what policies can see of them. The work grows with the workloads that each distinct selector
 * selects, not with pairs.
 */
export function workloadClasses(
  estate: SelectableEstate,
  policies: readonly Policy[],
): { classes: WorkloadClass[]; classOf: number[]; selected: Map<string, readonly number[]> } {
  const marks: number[][] = estate.workloads.map(() => []);
  const policiesOf: number[][] = estate.workloads.map(() => []);
  const selected = new Map<string, readonly number[]>();
  const destinations = new Set<string>();
  let mark = 0;
  const select = (peer: RulePeer, namespace: string): readonly number[] => {
    if ('block' in peer || 'nodes' in peer) return [];
    const key = peerKey(peer, namespace);
    let members = selected.get(key);
    if (members === undefined) {
      members = estate.ofPeer(peer, namespace).filter((index) => !estate.workloads[index]!.hostNetwork);
      selected.set(key, members);
      for (const index of members) marks[index]!.push(mark);
      mark++;
    }
    return members;
  };
  for (const [position, policy] of policies.entries()) {
    for (const index of select(policy.subject, policy.namespace)) policiesOf[index]!.push(position);
    for (const rule of [...(policy.ingress ?? []), ...(policy.egress ?? [])])
      for (const peer of rule.peers ?? []) select(peer, policy.namespace);
    for (const rule of policy.egress ?? [])
      for (const peer of rule.peers ?? []) if ('pods' in peer) destinations.add(peerKey(peer, policy.namespace));
  }
  const asDestination = marksOf([...destinations], selected, estate.workloads.length);
  const names = namesOfPorts(policies, ['ingress', 'egress']);
  const namesThere = namesOfPorts(policies, ['egress']);
  const classes = new Map<string, WorkloadClass>();
  const order: WorkloadClass[] = [];
  const classOf = estate.workloads.map((workload, index) => {
    const ports = portsOf(workload, names);
    const key = `${workload.hostNetwork ? 'host' : ''} ${marks[index]!.join()} ${ports}`;
    let known = classes.get(key);
    if (known === undefined) {
      known = {
        members: [],
        policies: policiesOf[index]!,
        onHost: workload.hostNetwork,
        ports,
        asDestination: `${workload.hostNetwork ? 'host' : ''} ${asDestination[index]!} ${portsOf(workload, namesThere)}`,
      };
      classes.set(key, known);
      order.push(known);
    }
    known.members.push(index);
    return known;
  });
  const numbers = new Map(order.map((one, number) => [one, number]));
  return { classes: order, classOf: classOf.map((one) => numbers.get(one)!), selected };
}

/** By workload: which of some selectors select it, as text. */
function marksOf(keys: readonly string[], selected: ReadonlyMap<string, readonly number[]>, size: number): string[] {
  const marks: number[][] = Array.from({ length: size }, () => []);
  for (const [mark, key] of keys.entries()) for (const index of selected.get(key) ?? []) marks[index]!.push(mark);
  return marks.map((own) => own.join());
}

/** What the given names are on one workload, as text. */
function portsOf(workload: Workload, names: readonly string[]): string {
  if (names.length === 0) return '';
  const found = names.flatMap((name) =>
    declaredPorts(workload, name).map(({ protocol, containerPort }) => `${name}=${protocol}/${containerPort}`),
  );
  return [...new Set(found)].sort().join();
}

/** Policies of one direction that are put on a class, in the order in which they are asked. */
export function policiesInOrder(all: readonly Policy[], positions: readonly number[]): Policy[] {
  return positions
    .map((position) => all[position]!)
    .sort((a, b) => a.priority - b.priority || (nameOfPolicy(a) < nameOfPolicy(b) ? -1 : 1));
}
