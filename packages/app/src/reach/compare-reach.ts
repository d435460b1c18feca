import {
  type ClusterReach,
  type ConnectionSet,
  Connections,
  type Connectivity,
} from '@breakwater/engine/network/connectivity';
import type { Unknown } from '@breakwater/model';
import { type CommonRange, commonRanges } from './common-ranges.ts';
import { type Membership, Side } from './compared-side.ts';
import { nameOutside, spellPorts } from './reach-ends.ts';
import { readClusters } from './read-clusters.ts';

/** Differences that are listed one by one; of more only the number is told. */
const MOST_CHANGES = 20_000;

/** A connection that two states of an estate do not share, in whichever network. */
export interface ReachChange {
  type: 'added' | 'removed' | 'changed';
  from: string;
  to: string;
  /** Ports before and after, `TCP 80,443`; empty for none. */
  before: string;
  after: string;
  /** The addresses outside, where one end is. */
  addresses?: string[];
  /** `shop/Deployment/web is new`, where a workload is in one state alone. */
  because?: string;
}

/** What two states do not share. */
export interface ReachDifference {
  changes: ReachChange[];
  /** Changes that are not listed. */
  more: number;
  unknowns: Unknown[];
}

/** Reads two states of an estate and tells which connections were added, removed and changed. */
export async function compareReach(
  before: string,
  after: string,
  signal?: AbortSignal,
): Promise<ReachDifference & { objects: number }> {
  const [old, current] = [await readClusters([before], signal), await readClusters([after], signal)];
  const unknowns = [old, current].flatMap((state) => [
    ...state.unknowns,
    ...state.clusters.flatMap(({ reach }) => reach.problems),
  ]);
  const difference: ReachDifference = { changes: [], more: 0, unknowns };
  const names = new Set([...old.clusters, ...current.clusters].map(({ cluster }) => cluster));
  for (const name of names) {
    const [was, is] = [old, current].map(({ clusters }) => clusters.find(({ cluster }) => cluster === name)?.reach);
    for (const change of new Comparison(was, is).changes())
      if (difference.changes.length < MOST_CHANGES) difference.changes.push(change);
      else difference.more++;
  }
  return { ...difference, objects: Math.min(old.objects, current.objects) };
}

type Diff = Pick<ReachChange, 'type' | 'before' | 'after'>;

/** Compares two states of one cluster, workload by workload. */
class Comparison {
  readonly #connections = new Connections();
  readonly #old: Side;
  readonly #current: Side;
  readonly #ranges = new Map<Connectivity, { all: Connectivity[]; ranges: CommonRange[] }[]>();

  constructor(was: ClusterReach | undefined, is: ClusterReach | undefined) {
    this.#old = new Side(was?.networks ?? [], this.#connections);
    this.#current = new Side(is?.networks ?? [], this.#connections);
  }

  *changes(): Generator<ReachChange> {
    const names = [...new Set([...this.#old.members.keys(), ...this.#current.members.keys()])].sort();
    const numbers = new Map(names.map((name, number) => [name, number]));
    const [before, after] = [new Uint32Array(names.length), new Uint32Array(names.length)];
    for (const name of names) {
      this.#old.into(name, numbers, before);
      this.#current.into(name, numbers, after);
      for (let number = 0; number < names.length; number++) {
        const [set, now] = [before[number]!, after[number]!];
        if (set === now) continue;
        yield { ...this.#diff(set, now), from: names[number]!, to: name, ...this.#presence(name, names[number]!) };
      }
      for (const change of this.#outside(name)) yield { ...change, ...this.#presence(name) };
      for (const change of this.#gates(name)) yield { ...change, ...this.#presence(name) };
    }
  }

  /** Which of some workloads is in one state alone. */
  #presence(...names: string[]): { because?: string } {
    const said = names.flatMap((name) => {
      if (!this.#old.members.has(name)) return [`${name} is new`];
      return this.#current.members.has(name) ? [] : [`${name} is gone`];
    });
    return said.length === 0 ? {} : { because: said.join(', ') };
  }

  /** Addresses outside whose connections change alike are one change. */
  *#outside(name: string): Generator<ReachChange> {
    const [old, current] = [this.#old.members.get(name) ?? [], this.#current.members.get(name) ?? []];
    const ranges = this.#rangesOf([...old, ...current].map(({ reach }) => reach));
    for (const direction of ['ingress', 'egress'] as const) {
      const alike = new Map<string, { diff: Diff; addresses: string[] }>();
      const open = (side: Side, members: Membership[], ends: (number | undefined)[]): ConnectionSet =>
        members.reduce(
          (set, member, at) => this.#connections.union(set, side.open(member, ends[at], direction)),
          this.#connections.none,
        );
      for (const { ends, addresses } of ranges) {
        const before = open(this.#old, old, ends);
        const after = open(this.#current, current, ends.slice(old.length));
        if (before === after || (direction === 'ingress' && !addresses[0]!.includes('/'))) continue;
        const key = `${before} ${after}`;
        const known = alike.get(key) ?? { diff: this.#diff(before, after), addresses: [] };
        known.addresses.push(...addresses);
        alike.set(key, known);
      }
      for (const { diff, addresses } of alike.values()) {
        const other = nameOutside(addresses);
        yield {
          ...diff,
          ...(direction === 'ingress' ? { from: other, to: name } : { from: name, to: other }),
          addresses,
        };
      }
    }
  }

  /** Most workloads are on the same networks. */
  #rangesOf(all: Connectivity[]): CommonRange[] {
    const known = this.#ranges.get(all[0]!) ?? [];
    this.#ranges.set(all[0]!, known);
    const found = known.find((one) => one.all.length === all.length && one.all.every((reach, at) => reach === all[at]));
    if (found !== undefined) return found.ranges;
    const ranges = commonRanges(all);
    known.push({ all, ranges });
    return ranges;
  }

  #gates(name: string): ReachChange[] {
    const [old, current] = [this.#old.gatesTo(name), this.#current.gatesTo(name)];
    const { none } = this.#connections;
    return [...new Set([...old.keys(), ...current.keys()])].sort().flatMap((from) => {
      const [before, after] = [old.get(from) ?? none, current.get(from) ?? none];
      return before === after ? [] : [{ ...this.#diff(before, after), from, to: name }];
    });
  }

  #diff(before: ConnectionSet, after: ConnectionSet): Diff {
    const { none } = this.#connections;
    const spell = (set: ConnectionSet): string =>
      set === none ? '' : spellPorts({ connections: this.#connections }, set);
    const type = before === none ? 'added' : after === none ? 'removed' : 'changed';
    return { type, before: spell(before), after: spell(after) };
  }
}
