import { type Connectivity, cidrsOf, type ExternalRange } from '@breakwater/engine/network/connectivity';

/** Addresses outside, or a host by name, that no rule of several analyses tells apart. */
export interface CommonRange {
  addresses: string[];
  /** By analysis: the number of the end that holds it; undefined where nothing outside is an end. */
  ends: (number | undefined)[];
}

type Spans = ExternalRange['spans'];

/** Ranges outside of several analyses, cut where any of them cuts. */
export function commonRanges(all: readonly Connectivity[]): CommonRange[] {
  return [...cut(all), ...hosts(all)];
}

function cut(all: readonly Connectivity[]): CommonRange[] {
  const found = new Map<string, { ends: (number | undefined)[]; spans: Spans }>();
  for (const family of [4, 6] as const) {
    const lists = all.map((reach) => piecesOf(reach, family));
    const at = lists.map(() => 0);
    const starts = new Set(lists.flatMap((pieces) => pieces.map(({ span }) => span.first)));
    const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
    const end = lists.flatMap((pieces) => pieces.at(-1)?.span.last ?? [])[0] ?? 0n;
    for (const [index, first] of sorted.entries()) {
      const ends = lists.map((pieces, list) => {
        while (pieces[at[list]! + 1] !== undefined && pieces[at[list]! + 1]!.span.first <= first) at[list]!++;
        return pieces[at[list]!]?.end;
      });
      const known = found.get(ends.join()) ?? { ends, spans: [] };
      known.spans.push({ family, first, last: (sorted[index + 1] ?? end + 1n) - 1n });
      found.set(ends.join(), known);
    }
  }
  return [...found.values()].map(({ ends, spans }) => ({ ends, addresses: cidrsOf(spans) }));
}

interface Piece {
  span: Spans[number];
  end: number;
}

/** Every address of a family, in ascending order, with the end that holds it. */
function piecesOf(reach: Connectivity, family: 4 | 6): Piece[] {
  return [...reach.endpoints.entries()]
    .flatMap(([number, end]) => (end.kind === 'external' ? end.range.spans.map((span) => ({ span, end: number })) : []))
    .filter(({ span }) => span.family === family)
    .sort((a, b) => (a.span.first < b.span.first ? -1 : 1));
}

function hosts(all: readonly Connectivity[]): CommonRange[] {
  const known = all.map(hostsOf);
  const names = new Set(known.flatMap((ends) => [...ends.keys()]));
  const others = names.size === 0 ? [] : all.map(widestOf);
  return [...names].map((domain) => ({
    addresses: [domain],
    ends: known.map((ends, at) => ends.get(domain) ?? others[at]),
  }));
}

function hostsOf(reach: Connectivity): Map<string, number> {
  const ends = [...reach.endpoints.entries()].flatMap(([number, end]) =>
    end.kind === 'external' && end.range.domain !== undefined ? [[end.range.domain, number] as const] : [],
  );
  return new Map(ends);
}

/** The end with most addresses: a host that no rule of an analysis names is as good as any of them. */
function widestOf(reach: Connectivity): number | undefined {
  const sizeOf = ({ span }: Piece): bigint => span.last - span.first;
  return piecesOf(reach, 4).sort((a, b) => (sizeOf(a) < sizeOf(b) ? 1 : -1))[0]?.end;
}
