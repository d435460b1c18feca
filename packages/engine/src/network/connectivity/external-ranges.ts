import type { AddressSpan } from '../address.ts';

/** Addresses outside the cluster that every rule treats alike. */
export interface ExternalRange {
  spans: AddressSpan[];
  /** Keys of the blocks that hold it. */
  blocks: ReadonlySet<string>;
}

const WIDEST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n };

/** The same text for the same addresses. */
export function blockKey(spans: readonly AddressSpan[]): string {
  return spans.map(({ family, first, last }) => `${family}:${first}-${last}`).join();
}

/** All addresses of both families, cut where any block begins or ends; pieces that the same blocks hold are one range. */
export function externalRanges(blocks: readonly (readonly AddressSpan[])[]): ExternalRange[] {
  const known = new Map(blocks.map((spans) => [blockKey(spans), spans]));
  const ranges = new Map<string, ExternalRange>();
  for (const family of [4, 6] as const) {
    const events = [...known].flatMap(([key, spans]) =>
      spans
        .filter((span) => span.family === family)
        .flatMap(({ first, last }) => [
          { at: first, key, opens: true },
          { at: last + 1n, key, opens: false },
        ]),
    );
    events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const open = new Set<string>();
    let from = 0n;
    const close = (to: bigint): void => {
      if (to < from) return;
      const key = `${family} ${[...open].sort().join(' ')}`;
      const range = ranges.get(key);
      if (range === undefined) ranges.set(key, { spans: [{ family, first: from, last: to }], blocks: new Set(open) });
      else range.spans.push({ family, first: from, last: to });
      from = to + 1n;
    };
    for (const { at, key, opens } of events) {
      close(at - 1n);
      if (opens) open.add(key);
      else open.delete(key);
    }
    close(WIDEST[family]);
  }
  return [...ranges.values()];
}
