import type { AttackEdge, AttackGraph } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { allImpacts, impactsOf } from './impact.ts';
import { simulate } from './simulate.ts';

/** Sixty nodes in three rings that are joined by hubs, some of great value: far more than a sketch holds. */
function rings(): AttackGraph {
  const edge = (from: string, to: string, probability: number): AttackEdge => {
    const id = `${from}>${to}`;
    return { id, from, to, kind: 'reach', probability, causes: [], phrase: '', reason: '', places: [] };
  };
  const ids = Array.from({ length: 60 }, (_, at) => `n${at}`);
  const nodes = ids.map((id, at) => ({
    id,
    kind: 'workload' as const,
    label: id,
    value: at % 17 === 0 ? 100 : 1 + (at % 10),
  }));
  const hubs = [0, 1, 2].map((ring) => ({ id: `hub${ring}`, kind: 'hub' as const, label: '', value: 0 }));
  const edges = ids.flatMap((id, at) => [
    edge(id, `hub${at % 3}`, 1),
    edge(`hub${at % 3}`, id, 0.3),
    edge(id, `n${(at + 7) % 60}`, 0.05),
  ]);
  return { nodes: [...nodes, ...hubs], edges };
}

describe('sketches', () => {
  it('come within a few percent of a run for each node', () => {
    const graph = rings();
    const simulation = simulate(graph, { worlds: 512 });
    const exact = impactsOf(
      simulation,
      graph.nodes.map((node) => node.id),
    );
    allImpacts(simulation.layout).forEach((impact, node) => {
      expect(Math.abs(impact - exact[node]!) / exact[node]!).toBeLessThan(0.1);
    });
  });

  it('hold all there is where a node reaches little', () => {
    const [node] = rings().nodes;
    const simulation = simulate({ nodes: [node!], edges: [] }, { worlds: 512 });
    expect(allImpacts(simulation.layout)).toEqual(Float64Array.from([100]));
  });
});
