import type { AttackCause, AttackEdge, AttackGraph, AttackNode, Place } from '@breakwater/model';
import { nodeId } from './names.ts';
import type { RiskSettings, SettingName } from './settings.ts';

/** An edge as it is written down; what is left out is empty, and the probability 1. */
export interface EdgeDraft {
  id: string;
  from: string;
  to: string;
  kind: AttackEdge['kind'];
  /** The container of the workload `from` that the step leaves; absent where any of its containers will do. */
  leaves?: string | undefined;
  /** The container of the workload `to` that the step enters; absent where it takes all of them. */
  enters?: string | undefined;
  probability?: number;
  range?: [number, number];
  causes?: AttackCause[];
  phrase: string;
  reason: string;
  /** What stops it. */
  mitigation?: string;
  places?: Place[];
}

const workloads = nodeId.workload('');
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

  edge({ leaves, enters, ...draft }: EdgeDraft): void {
    const { from, to } = draft;
    this.inside({ ...draft, from: this.#part(from, leaves) ?? from, to: this.#part(to, enters, nodeId.pod) ?? to });
  }

  /** The node of a container, or of all of them, where those of the workload are told apart. */
  #part(node: string, container: string | undefined, whole?: (id: string) => string): string | undefined {
    if (!node.startsWith(workloads)) return undefined;
    const id = node.slice(workloads.length);
    const part = container === undefined ? whole?.(id) : nodeId.container(id, container);
    return part !== undefined && this.#nodes.has(part) ? part : undefined;
  }

  /** An edge as it is drawn, also inside a workload. */
  inside({
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
  }: Omit<EdgeDraft, 'leaves' | 'enters'>): void {
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
