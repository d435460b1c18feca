import { holdsPrivate, holdsPublic } from '../address.ts';
import type { ConnectionSet } from './connections.ts';
import type { Connectivity } from './connectivity.ts';
import type { ExternalRange } from './external-ranges.ts';
import type { Direction } from './policy.ts';

/** What an end may exchange with a range of addresses outside the cluster. */
export interface OutsidePassage {
  range: ExternalRange;
  connections: ConnectionSet;
}

/**
 * What ends may exchange with addresses outside. Ends of one kind are asked once; the work grows with kinds times ranges.
 */
export class Outside {
  readonly #reach: Connectivity;
  /** Numbers of the ends outside, and whether they hold addresses of the Internet, or of the nodes' neighbourhood. */
  readonly #ranges: { number: number; range: ExternalRange; isPublic: boolean; isPrivate: boolean }[];
  readonly #known = new Map<unknown, OutsideView>();

  constructor(reach: Connectivity) {
    this.#reach = reach;
    this.#ranges = [...reach.endpoints.entries()].flatMap(([number, end]) => {
      if (end.kind !== 'external') return [];
      const { range } = end;
      const isPublic = range.domain !== undefined || holdsPublic(range.spans);
      return [{ number, range, isPublic, isPrivate: holdsPrivate(range.spans) }];
    });
  }

  /** Ranges outside that may open connections to an end (ingress), or to which it may open some (egress). */
  passages(end: number, direction: Direction): readonly OutsidePassage[] {
    return this.#view(end, direction).passages;
  }

  /** What any address of the Internet may open to an end (ingress), or what it may open to any (egress). */
  ofInternet(end: number, direction: Direction): ConnectionSet {
    return this.#view(end, direction).internet;
  }

  /** The same for the addresses that nodes and their neighbours have. */
  ofNeighbours(end: number, direction: Direction): ConnectionSet {
    return this.#view(end, direction).neighbours;
  }

  #view(end: number, direction: Direction): OutsideView {
    const key = this.#reach.cellsOf(end, direction) ?? 'free';
    let view = this.#known.get(key);
    if (view === undefined) {
      view = this.#look(end, direction);
      this.#known.set(key, view);
    }
    return view;
  }

  #look(end: number, direction: Direction): OutsideView {
    const { none } = this.#reach.connections;
    const view: OutsideView = { passages: [], internet: none, neighbours: none };
    for (const { number, range, isPublic, isPrivate } of this.#ranges) {
      const connections = this.#reach.oneWay(end, number, direction);
      if (connections === none) continue;
      view.passages.push({ range, connections });
      if (isPublic) view.internet = this.#reach.connections.union(view.internet, connections);
      if (isPrivate) view.neighbours = this.#reach.connections.union(view.neighbours, connections);
    }
    return view;
  }
}

interface OutsideView {
  passages: OutsidePassage[];
  internet: ConnectionSet;
  neighbours: ConnectionSet;
}
