import type { MapBox, MapLink } from '@breakwater/model';
import type { MapMode, MapPart } from './choose-part.ts';

/** Sizes in pixels. */
export const BOX_HEIGHT = 58;
const BOX_WIDTHS = { least: 138, most: 210 };
const BOX_SHARE = 0.6;
const SMALLEST_GAP = 64;
const ROW_HEIGHT = 72;
const HEAD = 34;
const MARGIN = 16;
/** Boxes that one column shows; the others are in the table. */
export const ROWS_SHOWN = 8;
/** Columns beside that of what nothing leads to; what is further stands in the last. */
const MOST_COLUMNS = 5;
/** Lines that are drawn to one box where not all are: the nearest tell how it is reached. */
const LINES_TO_ONE = 3;

/** A box where it stands. */
export interface PlacedBox {
  box: MapBox;
  x: number;
  y: number;
}

/** A link as a line between two boxes. */
export interface DrawnLine {
  key: string;
  link: MapLink;
  from: string;
  to: string;
  d: string;
}

/** The map as it is drawn, left to right by steps from where attacks begin. */
export interface MapLayout {
  width: number;
  height: number;
  boxWidth: number;
  columns: { title: string; x: number }[];
  boxes: PlacedBox[];
  lines: DrawnLine[];
  /** Boxes that are only in the table. */
  hidden: number;
}

const TITLES = ['Begins here', 'Touched first', 'Then', 'After that', 'Further'];
/** Stands for what no step leads to: behind everything. */
const UNREACHED = Number.POSITIVE_INFINITY;

/** Puts a part of the map into columns. Pure: the same part is drawn the same. */
export function arrangeMap({ boxes, links }: MapPart, mode: MapMode, width: number): MapLayout {
  const columns = fillColumns(boxes, mode);
  const { boxWidth, gap } = fitColumns(Math.max(1, columns.length), width - 2 * MARGIN);
  const xOf = (column: number) => MARGIN + column * (boxWidth + gap);
  const placed = columns.flatMap(({ shown, step }, column) =>
    shown.map((box, row) => ({ box, step, x: xOf(column), y: HEAD + row * ROW_HEIGHT })),
  );
  const byId = new Map(placed.map((each) => [each.box.id, each]));
  const forward = links.flatMap((link) => {
    const targets = link.to.flatMap((id) => byId.get(id) ?? []);
    const sources = link.from.flatMap((id) => byId.get(id) ?? []);
    return sources.flatMap((from) => targets.flatMap((to) => (to.step > from.step ? [{ link, from, to }] : [])));
  });
  const lines = (mode === 'ways' ? forward : nearest(forward)).map(({ link, from, to }) => ({
    key: `${link.id} ${from.box.id} ${to.box.id}`,
    link,
    from: from.box.id,
    to: to.box.id,
    d: curve(from.x + boxWidth, from.y + BOX_HEIGHT / 2, to.x, to.y + BOX_HEIGHT / 2),
  }));
  const rows = Math.max(1, ...columns.map(({ shown }) => shown.length));
  return {
    width: 2 * MARGIN + columns.length * boxWidth + Math.max(0, columns.length - 1) * gap,
    height: HEAD + (rows - 1) * ROW_HEIGHT + BOX_HEIGHT + MARGIN,
    boxWidth,
    columns: columns.map(({ title, hidden }, column) => ({
      title: [title, hidden > 0 ? `${hidden} more` : ''].filter((part) => part !== '').join(', '),
      x: xOf(column),
    })),
    boxes: placed.map(({ box, x, y }) => ({ box, x, y })),
    lines,
    hidden: columns.reduce((sum, { hidden }) => sum + hidden, 0),
  };
}

interface Column {
  /** Steps from where attacks begin; none lead to those of the last. */
  step: number;
  title: string;
  shown: MapBox[];
  hidden: number;
}

/** By steps from where attacks begin, what is worth most first; what no step leads to fills the columns that are left. */
function fillColumns(boxes: readonly MapBox[], mode: MapMode): Column[] {
  const byStep = Map.groupBy(boxes, (box) => {
    const step = mode === 'ways' ? box.attackDistance : box.distance;
    return step === undefined ? UNREACHED : Math.min(step, MOST_COLUMNS - 1);
  });
  const free = MOST_COLUMNS - [...byStep.keys()].filter((step) => step !== UNREACHED).length;
  return [...byStep]
    .sort(([a], [b]) => a - b)
    .flatMap(([step, members]) => {
      const sorted = members.toSorted((a, b) => b.points - a.points || a.label.localeCompare(b.label));
      const wanted = step === UNREACHED ? Math.ceil(sorted.length / ROWS_SHOWN) : 1;
      const columns = Math.max(1, Math.min(wanted, free));
      return Array.from({ length: columns }, (_, index) => ({
        step,
        title: index > 0 ? '' : step === UNREACHED ? 'No way leads here' : (TITLES[step] ?? 'Further'),
        shown: sorted.slice(index * ROWS_SHOWN, (index + 1) * ROWS_SHOWN),
        hidden: index < columns - 1 ? 0 : Math.max(0, sorted.length - columns * ROWS_SHOWN),
      }));
    });
}

/** Boxes take their share of the room, within their bounds; the lines between them get the rest, but never too little. */
function fitColumns(columns: number, room: number): { boxWidth: number; gap: number } {
  const gaps = Math.max(1, columns - 1);
  const fair = Math.min((room * BOX_SHARE) / columns, (room - gaps * SMALLEST_GAP) / columns);
  const boxWidth = Math.min(BOX_WIDTHS.most, Math.max(BOX_WIDTHS.least, fair));
  return { boxWidth, gap: Math.max(SMALLEST_GAP, (room - columns * boxWidth) / gaps) };
}

/** The lines to each box from as near as possible: where everybody may talk to everybody, all of them say nothing. */
function nearest<Pair extends { from: { step: number; y: number }; to: { box: MapBox } }>(
  pairs: readonly Pair[],
): Pair[] {
  return [...Map.groupBy(pairs, ({ to }) => to.box.id).values()].flatMap((own) =>
    own.toSorted((a, b) => b.from.step - a.from.step || a.from.y - b.from.y).slice(0, LINES_TO_ONE),
  );
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const bend = Math.max(28, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
