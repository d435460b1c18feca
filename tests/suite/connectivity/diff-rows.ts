import type { Row } from './pair-rows.ts';

const EXTERNAL = /^([\d.]+)-([\d.]+)\[External\]$/;
const NOTHING = 'No Connections';
const EVERYTHING = 'All Connections';

/** Rows that two lists of connections do not share, with ranges outside cut where either list cuts them. */
export function diffRows(
  before: readonly Row[],
  after: readonly Row[],
): { src: string; dst: string; ref1: string; ref2: string }[] {
  const cut = cutter([...before, ...after].flatMap(({ src, dst }) => [src, dst]));
  const first = table(before, cut);
  const second = table(after, cut);
  return [...new Set([...first.keys(), ...second.keys()])].flatMap((key) => {
    const [ref1, ref2] = [first.get(key) ?? NOTHING, second.get(key) ?? NOTHING];
    const [src = '', dst = ''] = key.split(' => ');
    return ref1 === ref2 ? [] : [{ src, dst, ref1, ref2 }];
  });
}

/** By ends, without the mark of a network of a namespace's own: what they may open in any network. */
function table(rows: readonly Row[], cut: (end: string) => string[]): Map<string, string> {
  const found = new Map<string, Set<string>>();
  for (const { src, dst, conn } of rows)
    for (const from of cut(src.replace('[udn]', '')))
      for (const to of cut(dst.replace('[udn]', ''))) {
        const key = `${from} => ${to}`;
        found.set(key, (found.get(key) ?? new Set()).add(conn));
      }
  return new Map(
    [...found].map(([key, conns]) => [key, conns.has(EVERYTHING) ? EVERYTHING : [...conns].sort().join()]),
  );
}

function cutter(ends: readonly string[]): (end: string) => string[] {
  const ranges = ends.flatMap((end) => {
    const [, from, to] = EXTERNAL.exec(end) ?? [];
    return from === undefined || to === undefined ? [] : [[numberOf(from), numberOf(to) + 1] as const];
  });
  const borders = [...new Set(ranges.flat())].sort((a, b) => a - b);
  return (end) => {
    const [, from, to] = EXTERNAL.exec(end) ?? [];
    if (from === undefined || to === undefined) return [end];
    const inside = borders.filter((border) => border >= numberOf(from) && border <= numberOf(to) + 1);
    return inside.slice(1).map((border, at) => `${dotted(inside[at]!)}-${dotted(border - 1)}[External]`);
  };
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const dotted = (value: number): string => [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
