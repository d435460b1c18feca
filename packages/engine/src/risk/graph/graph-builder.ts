import type { AttackCause, AttackEdge, AttackGraph, AttackNode, Place } from '@breakwater/model';
import type { RiskSettings, SettingName } from './settings.ts';

/** An edge as it is written down; what is left out is empty, and the probability 1. */
export interface EdgeDraft {
  id: string;
  from: string;
  to: string;
  kind: AttackEdge['kind'];
  probability?: number;
  range?: [number, number];
  causes?: AttackCause[];
  phrase: string;
  reason: string;
  /** What stops it. */
  mitigation?: string;
  places?: Place[];
}

const noCauses: AttackCause[] = [];
const noPlaces: Place[] = [];

/**
 * The graph while it grows. A node or an edge that is added twice is there once: the more valuable node, the likelier
 * edge. So more facts never make the graph smaller.
 */
export class GraphBuilder {
  readonly settings: RiskSettings;
  readonly #nodes = new Map<string, AttackNode>();
  readonly #edges = new Map<string, AttackEdge>();

  constructor(settings: RiskSettings) {
    this.settings = settings;
  }

  /** A number of the settings. */
  number(name: SettingName): number {
    return this.settings.numbers[name];
  }

  node(id: string, kind: AttackNode['kind'], label: string, value = 0, valueReason?: string): string {
    const known = this.#nodes.get(id);
    if (known === undefined || known.value < value)
      this.#nodes.set(
        id,
        valueReason === undefined ? { id, kind, label, value } : { id, kind, label, value, valueReason },
      );
    return id;
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  /** The nodes so far. */
  nodes(): AttackNode[] {
    return [...this.#nodes.values()];
  }

  edge({
    id,
    from,
    to,
    kind,
    probability = 1,
    range,
    causes = noCauses,
    phrase,
    reason,
    mitigation,
    places = noPlaces,
  }: EdgeDraft): void {
    const known = this.#edges.get(id);
    if (known !== undefined && known.probability >= probability) return;
    const edge: AttackEdge = { id, from, to, kind, probability, causes, phrase, reason, places };
    if (range !== undefined) edge.range = range;
    if (mitigation !== undefined) edge.mitigation = mitigation;
    this.#edges.set(id, edge);
  }

  /** Nodes and edges in the order in which they came; edges to nodes that never came are left out. */
  graph(): AttackGraph {
    const edges = [...this.#edges.values()].filter(({ from, to }) => this.#nodes.has(from) && this.#nodes.has(to));
    return { nodes: [...this.#nodes.values()], edges };
  }
}
