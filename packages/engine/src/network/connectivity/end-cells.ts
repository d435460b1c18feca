import type { Bits } from '../bits.ts';
import type { ConnectionSet, Connections } from './connections.ts';
import type { DirectionCells } from './direction-cells.ts';
import type { PeerKinds } from './peer-kinds.ts';
import type { Direction, Policy, Rule } from './policy.ts';
import type { WorkloadClass } from './workload-classes.ts';

/** Ends for which one direction of a workload is decided alike. */
export interface EndCell {
  /** Numbers of ends. */
  peers: Bits;
  allowed: ConnectionSet;
}

/**
 * What is decided about kinds of peers, told of ends. Sets of ends grow with the estate: where many are asked about, ask
 * in kinds (`PeerKinds.kindsOf`).
 */
export class EndCells {
  readonly #cells: DirectionCells;
  readonly #kinds: Readonly<Record<Direction, PeerKinds>>;
  readonly #connections: Connections;

  constructor(cells: DirectionCells, kinds: Readonly<Record<Direction, PeerKinds>>, connections: Connections) {
    this.#cells = cells;
    this.#kinds = kinds;
    this.#connections = connections;
  }

  /** The policies that say something about one direction of a class, as they are asked. */
  policiesOn(one: WorkloadClass, direction: Direction): Policy[] {
    return this.#cells.policiesOn(one, direction);
  }

  /** Who may reach a class, or whom it may reach: everyone where no policy says anything. */
  of(one: WorkloadClass, direction: Direction): EndCell[] {
    const kinds = this.#kinds[direction];
    const cells = this.#cells.of(one, direction) ?? [{ peers: kinds.everyone, allowed: this.#connections.everything }];
    return cells.map(({ peers, allowed }) => ({ peers: kinds.endsOf(peers), allowed }));
  }

  /** Whom a rule is about and by which ports; named ports mean what the destination calls so. */
  mattersOf(rule: Rule, policy: Policy, direction: Direction, own: string): { peers: Bits; ports: ConnectionSet }[] {
    const kinds = this.#kinds[direction];
    const matters = this.#cells.mattersOf(rule, policy, direction, own);
    return matters.map(({ peers, ports }) => ({ peers: kinds.endsOf(peers), ports }));
  }
}
