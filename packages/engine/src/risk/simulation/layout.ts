import type { AttackCause, AttackEdge, AttackGraph } from '@breakwater/model';
import { type DrawKey, drawKey, thresholdOf } from './draws.ts';

/** Which end of the unknowns a run takes: 0 the value, 1 unknowns at their best, 2 at their worst. */
export type Level = 0 | 1 | 2;

/** Words of a shared event that are kept at a time: as many as a block has. */
export const KEPT_WORDS = 16;

/** Events that are one wherever they occur, with the words last drawn, for many edges ask for the same. */
export interface SharedEvents {
  high: Int32Array;
  low: Int32Array;
  threshold: Int32Array;
  /** `kept[event * KEPT_WORDS + word % KEPT_WORDS]`, valid where `keptWord` there is word + 1. */
  kept: Int32Array;
  keptWord: Int32Array;
}

/** The graph in typed arrays, edges in rows by the node they leave; all that a run reads. */
export interface Layout {
  graph: AttackGraph;
  nodeIndex: Map<string, number>;
  values: Float64Array;
  origins: Int32Array;
  /** Edges that leave node n are `outStart[n]` to `outStart[n + 1]`: positions in the arrays by edge. */
  outStart: Int32Array;
  from: Int32Array;
  to: Int32Array;
  /** Position in `graph.edges` of the edge at each position here. */
  source: Int32Array;
  /** Edges that enter node n are `inEdges[inStart[n]]` to `inEdges[inStart[n + 1]]`. */
  inStart: Int32Array;
  inEdges: Int32Array;
  keyHigh: Int32Array;
  keyLow: Int32Array;
  thresholds: [Int32Array, Int32Array, Int32Array];
  /** Causes of the edge at position e are `causeStart[e]` to `causeStart[e + 1]`. */
  causeStart: Int32Array;
  /** Position of the shared event of each cause. */
  shared: Int32Array;
  events: SharedEvents;
  localHigh: Int32Array;
  localLow: Int32Array;
  localThresholds: [Int32Array, Int32Array, Int32Array];
  /** Whether any number has a range: without one, best and worst are the value. */
  ranged: boolean;
}

/** The value and both ends of a range that holds it, whatever order they come in. */
function levels(value: number, range: readonly [number, number] | undefined): [number, number, number] {
  if (range === undefined) return [value, value, value];
  return [value, Math.min(value, range[0], range[1]), Math.max(value, range[0], range[1])];
}

function threeThresholds(length: number): [Int32Array, Int32Array, Int32Array] {
  return [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
}

/** Positions of edges in rows by one of their ends: start of each row, then the edges, in the order they came. */
function rows(ends: Int32Array, nodes: number): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(nodes + 1);
  for (const end of ends) start[end + 1]!++;
  for (let node = 0; node < nodes; node++) start[node + 1]! += start[node]!;
  const next = start.slice();
  const order = new Int32Array(ends.length);
  for (let edge = 0; edge < ends.length; edge++) order[next[ends[edge]!]!++] = edge;
  return { start, order };
}

/** Edges whose two ends are nodes of the graph; others lead nowhere and are left out. */
function usableEdges(graph: AttackGraph, nodeIndex: Map<string, number>): Int32Array {
  const usable: number[] = [];
  graph.edges.forEach((edge, position) => {
    if (nodeIndex.has(edge.from) && nodeIndex.has(edge.to)) usable.push(position);
  });
  return Int32Array.from(usable);
}

/**
 * The local draw of a cause belongs to the target, the shared event and the component: the same flaw works at a
 * workload or does not, by whichever way one comes to it.
 */
function localName(edge: AttackEdge, cause: AttackCause): string {
  return `local\n${edge.to}\n${cause.key}\n${cause.component ?? ''}`;
}

/** The shared events of all causes. One that comes with several probabilities (it should not) is several. */
function sharedEvents(edges: AttackEdge[], seed: number): { positions: Map<string, number>; events: SharedEvents } {
  const positions = new Map<string, number>();
  const probabilities: number[] = [];
  const keys: DrawKey[] = [];
  for (const cause of edges.flatMap((edge) => edge.causes)) {
    const name = eventName(cause);
    if (positions.has(name)) continue;
    positions.set(name, keys.length);
    keys.push(drawKey(`shared\n${cause.key}`, seed));
    probabilities.push(cause.shared);
  }
  const events = {
    high: Int32Array.from(keys, (key) => key.high),
    low: Int32Array.from(keys, (key) => key.low),
    threshold: Int32Array.from(probabilities, thresholdOf),
    kept: new Int32Array(keys.length * KEPT_WORDS),
    keptWord: new Int32Array(keys.length * KEPT_WORDS),
  };
  return { positions, events };
}

function eventName(cause: AttackCause): string {
  return `${cause.shared} ${cause.key}`;
}

function fillCauses(layout: Layout, edges: AttackEdge[], positions: Map<string, number>, seed: number): void {
  let at = 0;
  edges.forEach((edge, position) => {
    layout.causeStart[position] = at;
    for (const cause of edge.causes) {
      const local = drawKey(localName(edge, cause), seed);
      layout.shared[at] = positions.get(eventName(cause))!;
      layout.localHigh[at] = local.high;
      layout.localLow[at] = local.low;
      levels(cause.local, cause.localRange).forEach((probability, level) => {
        layout.localThresholds[level as Level][at] = thresholdOf(probability);
      });
      if (cause.localRange !== undefined) layout.ranged = true;
      at++;
    }
  });
  layout.causeStart[edges.length] = at;
}

function fillEdges(layout: Layout, edges: AttackEdge[], seed: number): void {
  edges.forEach((edge, position) => {
    const key = drawKey(`edge\n${edge.id}`, seed);
    layout.keyHigh[position] = key.high;
    layout.keyLow[position] = key.low;
    levels(edge.probability, edge.range).forEach((probability, level) => {
      layout.thresholds[level as Level][position] = thresholdOf(probability);
    });
    if (edge.range !== undefined) layout.ranged = true;
  });
}

/** Lays a graph out for simulation. Cost is linear in nodes, edges and causes. */
export function layOut(graph: AttackGraph, seed: number): Layout {
  const nodeIndex = new Map(graph.nodes.map((node, index) => [node.id, index]));
  const usable = usableEdges(graph, nodeIndex);
  const starts = usable.map((position) => nodeIndex.get(graph.edges[position]!.from)!);
  const { start: outStart, order } = rows(starts, graph.nodes.length);
  const source = order.map((each) => usable[each]!);
  const edges = Array.from(source, (position) => graph.edges[position]!);
  const to = Int32Array.from(edges, (edge) => nodeIndex.get(edge.to)!);
  const { start: inStart, order: inEdges } = rows(to, graph.nodes.length);
  const causes = edges.reduce((sum, edge) => sum + edge.causes.length, 0);
  const { positions, events } = sharedEvents(edges, seed);
  const layout: Layout = {
    graph,
    nodeIndex,
    values: Float64Array.from(graph.nodes, (node) => node.value),
    origins: Int32Array.from(graph.nodes.flatMap((node, index) => (node.kind === 'origin' ? [index] : []))),
    outStart,
    from: order.map((each) => starts[each]!),
    to,
    source,
    inStart,
    inEdges,
    keyHigh: new Int32Array(edges.length),
    keyLow: new Int32Array(edges.length),
    thresholds: threeThresholds(edges.length),
    causeStart: new Int32Array(edges.length + 1),
    shared: new Int32Array(causes),
    events,
    localHigh: new Int32Array(causes),
    localLow: new Int32Array(causes),
    localThresholds: threeThresholds(causes),
    ranged: false,
  };
  fillEdges(layout, edges, seed);
  fillCauses(layout, edges, positions, seed);
  return layout;
}

/** Positions of the edges that carry more with unknowns at their worst. */
export function rangedEdges({ graph, source }: Layout): Int32Array {
  return Int32Array.from(source.keys()).filter((position) => {
    const { range, causes } = graph.edges[source[position]!]!;
    return range !== undefined || causes.some(({ localRange }) => localRange !== undefined);
  });
}
