import type { AddressSpan } from '../address.ts';

/** Addresses outside the cluster that every rule treats alike. */
export interface ExternalRange {
  spans: AddressSpan[];
  /** The name of hosts whose addresses only the resolver knows; there are no spans then. */
  domain?: string;
}

/** Whether spans hold every address of a family: then they hold those that only a name is known of. */
export function holdsFamily(spans: readonly AddressSpan[]): boolean {
  return spans.some(({ family, first, last }) => first === 0n && last === WIDEST[family]);
}

const WIDEST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n };
/** Pieces in more blocks than this are not joined with others: to find out which blocks hold a piece costs as much. */
const MOST_BLOCKS = 64;

/** The same text for the same addresses. */
export function blockKey(spans: readonly AddressSpan[]): string {
  return spans.map(({ family, first, last }) => `${family}:${first}-${last}`).join();
}

/**
 * All addresses of both families, cut where any block begins or ends; pieces that the same blocks hold are one range.
 * Without blocks there is nothing outside.
 */
export class ExternalRanges {
  readonly list: readonly ExternalRange[];
  /** Pieces in ascending order by family, each with the number of its range. */
  readonly #pieces: { 4: Piece[]; 6: Piece[] } = { 4: [], 6: [] };

  constructor(blocks: readonly (readonly AddressSpan[])[] | undefined) {
    if (blocks === undefined) {
      this.list = [];
      return;
    }
    const known = [...new Map(blocks.map((spans) => [blockKey(spans), spans])).values()];
    const ranges = new Map<string, { number: number; range: ExternalRange }>();
    for (const family of [4, 6] as const)
      for (const { first, last, held } of piecesOf(known, family)) {
        let found = ranges.get(held);
        if (found === undefined) {
          found = { number: ranges.size, range: { spans: [] } };
          ranges.set(held, found);
        }
        found.range.spans.push({ family, first, last });
        this.#pieces[family].push({ first, range: found.number });
      }
    this.list = [...ranges.values()].map(({ range }) => range);
  }

  /** Numbers of the ranges that a block holds; only for blocks that the ranges were cut by. */
  of(block: readonly AddressSpan[]): Set<number> {
    const numbers = new Set<number>();
    for (const { family, first, last } of block) {
      const pieces = this.#pieces[family];
      for (let at = firstFrom(pieces, first); at < pieces.length && pieces[at]!.first <= last; at++)
        numbers.add(pieces[at]!.range);
    }
    return numbers;
  }
}

interface Piece {
  first: bigint;
  range: number;
}

/** The first piece that begins at an address or behind it. */
function firstFrom(pieces: readonly Piece[], first: bigint): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pieces[middle]!.first < first) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All addresses of a family in pieces; those with one text in `held` are held by the same blocks. */
function piecesOf(
  blocks: readonly (readonly AddressSpan[])[],
  family: 4 | 6,
): { first: bigint; last: bigint; held: string }[] {
  const events = blocks.flatMap((spans, block) =>
    spans
      .filter((span) => span.family === family)
      .flatMap(({ first, last }) => [
        { at: first, block, opens: true },
        { at: last + 1n, block, opens: false },
      ]),
  );
  events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const pieces: { first: bigint; last: bigint; held: string }[] = [];
  const open = new Set<number>();
  let first = 0n;
  const close = (last: bigint): void => {
    if (last < first) return;
    const held = open.size > MOST_BLOCKS ? `alone ${pieces.length}` : [...open].sort((a, b) => a - b).join();
    pieces.push({ first, last, held: `${family} ${held}` });
    first = last + 1n;
  };
  for (const { at, block, opens } of events) {
    close(at - 1n);
    if (opens) open.add(block);
    else open.delete(block);
  }
  close(WIDEST[family]);
  return pieces;
}
