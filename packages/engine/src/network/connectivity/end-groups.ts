import type { Cell } from './direction-cells.ts';
import type { Endpoint } from './endpoints.ts';
import type { PeerKinds } from './peer-kinds.ts';
import type { Direction } from './policy.ts';

/** Ends that are the same in one direction: every rule sees them as one kind, and one list of cells says what they may. */
export interface EndGroup {
  /** Numbers of the ends. */
  ends: number[];
  /** What the rules of the other side see. */
  kind: number;
  /** What its own policies let pass; undefined where they say nothing. */
  cells: readonly Cell[] | undefined;
}

/**
 * Groups ends as sources, by what ingress rules see of them and what their own egress lets pass, and as destinations, the
 * other way round. Both are in the order of their kinds.
 */
export class EndGroups {
  readonly sources: readonly EndGroup[];
  readonly destinations: readonly EndGroup[];
  /** By end: its group as destination; undefined for ends that nothing can be sent to. */
  readonly destinationOf: readonly (number | undefined)[];

  constructor(
    endpoints: readonly Endpoint[],
    kinds: Readonly<Record<Direction, PeerKinds>>,
    cellsOf: (end: number, direction: Direction) => readonly Cell[] | undefined,
  ) {
    const isSource = (end: Endpoint): boolean =>
      end.kind !== 'unseen' && !(end.kind === 'external' && end.range.domain !== undefined);
    const isDestination = ({ kind }: Endpoint): boolean => kind === 'workloads' || kind === 'external';
    this.sources = group(endpoints, isSource, kinds.ingress, (end) => cellsOf(end, 'egress'));
    this.destinations = group(endpoints, isDestination, kinds.egress, (end) => cellsOf(end, 'ingress'));
    const destinationOf: (number | undefined)[] = endpoints.map(() => undefined);
    for (const [number, { ends }] of this.destinations.entries()) for (const end of ends) destinationOf[end] = number;
    this.destinationOf = destinationOf;
  }
}

function group(
  endpoints: readonly Endpoint[],
  takesPart: (end: Endpoint) => boolean,
  { kindOf }: PeerKinds,
  cellsOf: (end: number) => readonly Cell[] | undefined,
): EndGroup[] {
  const known = new Map<readonly Cell[] | undefined, Map<number, EndGroup>>();
  const groups: EndGroup[] = [];
  for (const [number, end] of endpoints.entries()) {
    if (!takesPart(end)) continue;
    const [kind, cells] = [kindOf[number]!, cellsOf(number)];
    let byKind = known.get(cells);
    if (byKind === undefined) {
      byKind = new Map();
      known.set(cells, byKind);
    }
    let found = byKind.get(kind);
    if (found === undefined) {
      found = { ends: [], kind, cells };
      byKind.set(kind, found);
      groups.push(found);
    }
    found.ends.push(number);
  }
  return groups.sort((a, b) => a.kind - b.kind);
}
