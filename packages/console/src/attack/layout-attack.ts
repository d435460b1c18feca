import type { AttackNode } from '@breakwater/model';
import { assignColumns } from './assign-columns.ts';
import type { AttackPicture, DrawnStep } from './draw-steps.ts';

/** Sizes in pixels. */
export const BOX_HEIGHT = 62;
const BOX_WIDTHS = { least: 132, most: 196 };
const BOX_SHARE = 0.56;
const SMALLEST_GAP = 96;
const ROW_HEIGHT = 96;
const MARGIN = 20;
/** Radius of a turn, and how far below a row's middle its lane for passing lines lies. */
const TURN = 12;
const LANE = ROW_HEIGHT / 2;
/** Nodes that one column shows; the others stay in the table. */
const ROWS_SHOWN = 4;

/** A node where it stands. */
export interface Box {
  node: AttackNode;
  x: number;
  y: number;
  onMain: boolean;
}

/** A step as a line between two boxes, and where its label begins. */
export interface Line {
  step: DrawnStep;
  /** Further steps between the same two nodes. */
  others: number;
  onMain: boolean;
  d: string;
  label: { x: number; y: number; width: number };
}

/** An attack drawn from left to right. */
export interface AttackLayout {
  width: number;
  boxWidth: number;
  height: number;
  boxes: Box[];
  lines: Line[];
  /** Nodes and steps that are only in the table. */
  hidden: { nodes: number; steps: number };
}

interface Room {
  boxWidth: number;
  gap: number;
  /** Whether a box is the lowest of its column, so that a line may leave it downwards. */
  isLast: (box: Box) => boolean;
}

interface Pair {
  step: DrawnStep;
  others: number;
  onMain: boolean;
}

/** Lays out an attack around one workload. Pure: the same picture is drawn the same. */
export function layoutAttack(picture: AttackPicture, focus: string, width: number): AttackLayout {
  const columns = assignColumns(picture, focus);
  const onWay = new Set([...picture.path, ...picture.onward]);
  const mainNodes = new Set([focus]);
  for (const step of picture.steps) if (onWay.has(step.id)) mainNodes.add(step.from).add(step.to);
  const grid = fillColumns(picture.nodes, columns, mainNodes);
  const { boxWidth, gap } = fitColumns(Math.max(1, grid.length), width - 2 * MARGIN);
  const boxes = grid.flatMap((nodes, column) =>
    nodes.map((node, row) => ({
      node,
      x: MARGIN + column * (boxWidth + gap),
      y: MARGIN + row * ROW_HEIGHT,
      onMain: mainNodes.has(node.id),
    })),
  );
  const boxById = new Map(boxes.map((box) => [box.node.id, box]));
  const lowest = new Map(boxes.map(({ x, y }) => [x, y]));
  const isLast = ({ x, y }: Box) => lowest.get(x) === y;
  const lines = pairSteps(picture.steps, onWay).flatMap((pair) => {
    const from = boxById.get(pair.step.from);
    const to = boxById.get(pair.step.to);
    return from === undefined || to === undefined || to.x <= from.x
      ? []
      : [drawLine(pair, from, to, { boxWidth, gap, isLast })];
  });
  const drawn = lines.reduce((sum, line) => sum + 1 + line.others, 0);
  return {
    boxWidth,
    width: 2 * MARGIN + grid.length * boxWidth + Math.max(0, grid.length - 1) * gap,
    height: 2 * MARGIN + BOX_HEIGHT + (Math.max(1, ...grid.map((nodes) => nodes.length)) - 1) * ROW_HEIGHT,
    boxes,
    lines,
    hidden: { nodes: picture.nodes.length - boxes.length, steps: picture.steps.length - drawn },
  };
}

/** Boxes take their share of the room, within their bounds; labels between them get the rest, but never too little. */
function fitColumns(columns: number, room: number): { boxWidth: number; gap: number } {
  const gaps = Math.max(1, columns - 1);
  const fair = Math.min((room * BOX_SHARE) / columns, (room - gaps * SMALLEST_GAP) / columns);
  const boxWidth = Math.min(BOX_WIDTHS.most, Math.max(BOX_WIDTHS.least, fair));
  return { boxWidth, gap: Math.max(SMALLEST_GAP, (room - columns * boxWidth) / gaps) };
}

/** Columns from left to right; in each the main way comes first, then what is worth most. */
function fillColumns(nodes: AttackNode[], columns: Map<string, number>, main: Set<string>): AttackNode[][] {
  const byColumn = Map.groupBy(
    nodes.filter(({ id }) => columns.has(id)),
    ({ id }) => columns.get(id) ?? 0,
  );
  return [...byColumn]
    .sort(([a], [b]) => a - b)
    .map(([, members]) => {
      const rank = (node: AttackNode) => (main.has(node.id) ? Number.POSITIVE_INFINITY : node.value);
      return members
        .toSorted((a, b) => (rank(a) === rank(b) ? a.id.localeCompare(b.id) : rank(b) - rank(a)))
        .slice(0, ROWS_SHOWN);
    });
}

/** One line for all steps between two nodes: that of the main way, else the likeliest. */
function pairSteps(steps: DrawnStep[], onWay: Set<string>): Pair[] {
  const groups = Map.groupBy(steps, ({ from, to }) => JSON.stringify([from, to]));
  return [...groups.values()].flatMap((group) => {
    const best = group.find(({ id }) => onWay.has(id)) ?? group.toSorted((a, b) => b.chance - a.chance)[0];
    return best === undefined ? [] : [{ step: best, others: group.length - 1, onMain: onWay.has(best.id) }];
  });
}

function drawLine({ step, others, onMain }: Pair, from: Box, to: Box, { boxWidth, gap, isLast }: Room): Line {
  const [x1, y1] = [from.x + boxWidth, from.y + BOX_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + BOX_HEIGHT / 2];
  const shared = { step, others, onMain };
  const inFirstGap = { x: x1 + 8, y: y1, width: gap - 16 };
  const inLastGap = { x: x2 - gap + 8, y: y2, width: gap - 16 };
  const isNext = x2 - x1 <= gap + 1;
  if (y1 === y2 && isNext) return { ...shared, d: `M${x1} ${y1}H${x2}`, label: inFirstGap };
  if (!isNext) return { ...shared, d: aroundBoxes(x1, y1, x2, y2, gap), label: { ...inLastGap, y: y2 + LANE } };
  if (y2 > y1) {
    const [x, y] = isLast(from) ? [x1 - boxWidth / 4, y1 + BOX_HEIGHT / 2] : [x1 + TURN, y1];
    const start = isLast(from) ? `M${x} ${y}` : `M${x1} ${y1}H${x}`;
    return { ...shared, d: `${start}V${y2 - TURN}Q${x} ${y2} ${x + TURN} ${y2}H${x2}`, label: inLastGap };
  }
  const [x, y] = isLast(to) ? [x2 + boxWidth / 4, y2 + BOX_HEIGHT / 2] : [x2 - TURN, y2];
  const end = isLast(to) ? '' : `H${x2}`;
  return { ...shared, d: `M${x1} ${y1}H${x - TURN}Q${x} ${y1} ${x} ${y1 - TURN}V${y}${end}`, label: inFirstGap };
}

/** A line that passes columns runs in the lane below the row of its target, where no box stands. */
function aroundBoxes(x1: number, y1: number, x2: number, y2: number, gap: number): string {
  const lane = y2 + LANE;
  const half = gap / 2;
  return `M${x1} ${y1}C${x1 + half} ${y1} ${x1} ${lane} ${x1 + half} ${lane}H${x2 - half}C${x2} ${lane} ${x2 - half} ${y2} ${x2} ${y2}`;
}
