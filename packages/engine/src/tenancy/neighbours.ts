import { addAll, addBit, type Bits, emptyBits } from '../network/bits.ts';
import type { Placements } from './placement.ts';

/** Classes of placement beyond which pods count as meeting: nothing is held apart that was not looked at. */
const MOST_CLASSES = 3_000;

/** Whom pods may meet on their nodes, by class of placement: each pair of classes is held against each other once. */
export class Neighbours {
  readonly #placements: Placements;
  readonly #members: readonly number[][];
  readonly #tenants: readonly Bits[];
  readonly #size: number;
  readonly #near = new Map<number, Bits>();

  /** `tenantOf` gives the tenant of each workload, of `size` tenants. */
  constructor(placements: Placements, tenantOf: readonly number[], size: number) {
    this.#placements = placements;
    this.#size = size;
    this.#members = Array.from({ length: placements.classCount }, () => []);
    this.#tenants = this.#members.map(() => emptyBits(size));
    for (const [workload, number] of placements.classOf.entries()) {
      this.#members[number]!.push(workload);
      addBit(this.#tenants[number]!, tenantOf[workload]!);
    }
  }

  /** Tenants whose pods may run beside those of a class, its own among them. */
  tenantsNear(placement: number): Bits {
    let near = this.#near.get(placement);
    if (near === undefined) {
      near = emptyBits(this.#size);
      for (const other of this.classesNear(placement)) addAll(near, this.#tenants[other]!);
      this.#near.set(placement, near);
    }
    return near;
  }

  /** Classes whose pods may run beside those of a class, itself among them. */
  classesNear(placement: number): number[] {
    const all = this.#members.map((_, number) => number);
    return all.length > MOST_CLASSES ? all : all.filter((other) => this.#placements.mayMeet(placement, other));
  }

  /** Workloads of a class. */
  membersOf(placement: number): readonly number[] {
    return this.#members[placement]!;
  }
}
