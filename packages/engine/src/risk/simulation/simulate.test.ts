import type { AttackCause, AttackEdge, AttackGraph, AttackNode } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impactsOf } from './impact.ts';
import { simulate } from './simulate.ts';

const node = (id: string, value = 1, kind: AttackNode['kind'] = 'workload'): AttackNode => ({
  id,
  kind,
  label: id,
  value,
});
const internet = node('internet', 0, 'origin');

const edge = (from: string, to: string, probability: number, more: Partial<AttackEdge> = {}): AttackEdge => ({
  id: `${from}->${to}`,
  from,
  to,
  kind: 'reach',
  probability,
  causes: [],
  phrase: '',
  reason: '',
  places: [],
  ...more,
});

const cause = (key: string, shared: number, local: number, more: Partial<AttackCause> = {}): AttackCause => ({
  key,
  shared,
  local,
  reason: '',
  ...more,
});

const worlds = 200_000;

/** Four standard errors of a share: a right sampler fails once in 16,000. */
const near = (share: number, of: number = worlds) => 4 * Math.sqrt((share * (1 - share)) / of) + 1e-9;

function expectProbability(graph: AttackGraph, id: string, truth: number): void {
  expect(Math.abs(simulate(graph, { worlds }).probabilityOf(id) - truth)).toBeLessThan(near(truth));
}

describe('probabilities of small graphs', () => {
  it.each([1, 0.95, 0.5, 0.3, 0.01, 0.0004, 0])('an edge of probability %f opens in that share of worlds', (p) => {
    expectProbability({ nodes: [internet, node('a')], edges: [edge('internet', 'a', p)] }, 'a', p);
  });

  it('multiplies along a chain', () => {
    const nodes = [internet, node('a'), node('b'), node('c')];
    const edges = [edge('internet', 'a', 0.5), edge('a', 'b', 0.6), edge('b', 'c', 0.7)];
    expectProbability({ nodes, edges }, 'c', 0.21);
  });

  it('joins two ways as 1 - (1 - p)(1 - q)', () => {
    const nodes = [internet, node('a'), node('b'), node('c')];
    const edges = [edge('internet', 'a', 1), edge('internet', 'b', 1), edge('a', 'c', 0.4), edge('b', 'c', 0.3)];
    expectProbability({ nodes, edges }, 'c', 1 - 0.6 * 0.7);
  });

  it('sums over all states where ways share a step (the bridge)', () => {
    const nodes = [internet, node('a'), node('b'), node('c')];
    const edges = [
      edge('internet', 'a', 0.3),
      edge('internet', 'b', 0.6),
      edge('a', 'b', 0.5),
      edge('b', 'a', 0.5),
      edge('a', 'c', 0.2),
      edge('b', 'c', 0.7),
    ];
    let truth = 0;
    for (let state = 0; state < 64; state++) {
      const open = edges.map((_, index) => ((state >> index) & 1) === 1);
      const weight = edges.reduce(
        (product, each, i) => product * (open[i] ? each.probability : 1 - each.probability),
        1,
      );
      const a = open[0] || (open[1] && open[3]);
      const b = open[1] || (open[0] && open[2]);
      if ((a && open[4]) || (b && open[5])) truth += weight;
    }
    expectProbability({ nodes, edges }, 'c', truth);
  });

  it('needs the edge and one of its causes: base * (1 - prod(1 - shared * local))', () => {
    const causes = [cause('CVE-1', 0.95, 0.3), cause('CVE-2', 0.2, 0.5, { component: 'x' })];
    const graph = { nodes: [internet, node('a')], edges: [edge('internet', 'a', 0.8, { causes })] };
    expectProbability(graph, 'a', 0.8 * (1 - (1 - 0.95 * 0.3) * (1 - 0.1)));
  });

  it('draws a shared cause once for all who have it', () => {
    const causes = [cause('CVE-1', 0.5, 1)];
    const nodes = [internet, node('a'), node('b')];
    const graph = {
      nodes,
      edges: [edge('internet', 'a', 1, { causes }), edge('a', 'b', 1, { causes })],
    };
    expectProbability(graph, 'b', 0.5);
  });

  it('draws what works at a target once, by whichever way one comes', () => {
    const causes = [cause('CVE-1', 1, 0.3, { component: 'openssl' })];
    const nodes = [internet, node('hub', 0, 'hub'), node('a')];
    const edges = [edge('internet', 'hub', 1), edge('internet', 'a', 1, { causes }), edge('hub', 'a', 1, { causes })];
    expectProbability({ nodes, edges }, 'a', 0.3);
  });

  it('adds up the value that falls in a world', () => {
    const nodes = [internet, node('a', 10), node('b', 100)];
    const edges = [edge('internet', 'a', 0.5), edge('a', 'b', 0.5)];
    const { loss } = simulate({ nodes, edges }, { worlds });
    expect(loss).toBeGreaterThan(29.5);
    expect(loss).toBeLessThan(30.5);
  });

  it('ignores edges to nodes that are not there', () => {
    const graph = { nodes: [internet, node('a')], edges: [edge('internet', 'ghost', 1), edge('ghost', 'a', 1)] };
    expect(simulate(graph, { worlds: 64 }).probabilityOf('a')).toBe(0);
    expect(simulate(graph, { worlds: 64 }).probabilityOf('ghost')).toBe(0);
  });
});

describe('impact', () => {
  it('is the expected value reachable onward, the node included, whoever else falls', () => {
    const nodes = [internet, node('a', 10), node('b', 100), node('c', 7)];
    const edges = [edge('internet', 'a', 0.01), edge('internet', 'c', 1), edge('a', 'b', 0.5), edge('b', 'a', 1)];
    const simulation = simulate({ nodes, edges }, { worlds });
    const [a, b, c] = impactsOf(simulation, ['a', 'b', 'c']);
    expect(Math.abs(a! - 60)).toBeLessThan(100 * near(0.5, 2048));
    expect(b).toBe(110);
    expect(c).toBe(7);
  });
});

const probability = fc.constantFrom(0, 0.001, 0.02, 0.3, 0.5, 0.95, 1);
const names = ['internet', 'a', 'b', 'c', 'd', 'e', 'f'];

const anyCause = fc
  .record({ key: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'), local: probability, low: probability, high: probability })
  .map(({ key, local, low, high }) =>
    cause(key, { 'CVE-1': 0.95, 'CVE-2': 0.1, 'CVE-3': 0.5 }[key]!, local, { localRange: [low, high] }),
  );

/** A graph of six nodes beside the Internet, with loops, causes and unknowns. */
export const anyGraph = fc
  .array(
    fc.record({
      from: fc.constantFrom(...names),
      to: fc.constantFrom(...names.slice(1)),
      probability,
      causes: fc.array(anyCause, { maxLength: 2 }),
    }),
    { maxLength: 14 },
  )
  .map(
    (ways): AttackGraph => ({
      nodes: [internet, ...names.slice(1).map((name, index) => node(name, index * 3))],
      edges: ways.map((way, index) => edge(way.from, way.to, way.probability, { id: `e${index}`, causes: way.causes })),
    }),
  );

const run = (graph: AttackGraph) => simulate(graph, { worlds: 320 });
const shares = (graph: AttackGraph) => names.map((name) => run(graph).probabilityOf(name));

describe('properties of any graph', () => {
  it('an edge more never lowers a probability, the loss or an impact', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const less = { ...graph, edges: graph.edges.slice(1) };
        const before = shares(less);
        shares(graph).forEach((share, index) => {
          expect(share).toBeGreaterThanOrEqual(before[index]!);
        });
        expect(run(graph).loss).toBeGreaterThanOrEqual(run(less).loss);
        const impacts = impactsOf(run(less), names);
        impactsOf(run(graph), names).forEach((impact, index) => {
          expect(impact).toBeGreaterThanOrEqual(impacts[index]!);
        });
      }),
    );
  });

  it('a higher probability never lowers the loss', () => {
    fc.assert(
      fc.property(anyGraph, fc.nat(13), (graph, which) => {
        const raised = graph.edges.map((each, index) =>
          index === which ? { ...each, probability: Math.min(1, each.probability * 1.5 + 0.01) } : each,
        );
        expect(run({ ...graph, edges: raised }).loss).toBeGreaterThanOrEqual(run(graph).loss);
      }),
    );
  });

  it('a cause more never lowers the loss', () => {
    fc.assert(
      fc.property(anyGraph, anyCause, (graph, more) => {
        const edges = graph.edges.map((each) =>
          each.causes.length === 0 ? each : { ...each, causes: [...each.causes, more] },
        );
        expect(run({ ...graph, edges }).loss).toBeGreaterThanOrEqual(run(graph).loss);
      }),
    );
  });

  it('the order of nodes and edges changes nothing', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const turned = { nodes: graph.nodes.toReversed(), edges: graph.edges.toReversed() };
        expect(shares(turned)).toEqual(shares(graph));
      }),
    );
  });

  it('what is not connected does not move by a bit', () => {
    fc.assert(
      fc.property(anyGraph, anyGraph, (graph, other) => {
        const renamed = other.nodes.map((each) => ({ ...each, id: `other-${each.id}` }));
        const edges = other.edges.map((each) => ({
          ...each,
          id: `other-${each.id}`,
          from: `other-${each.from}`,
          to: `other-${each.to}`,
        }));
        const both = { nodes: [...renamed, ...graph.nodes], edges: [...edges, ...graph.edges] };
        expect(shares(both)).toEqual(shares(graph));
        expect(impactsOf(run(both), names)).toEqual(impactsOf(run(graph), names));
      }),
    );
  });

  it('the range holds the value, and knowing less never narrows it', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const unknown = run(graph);
        expect(unknown.lossRange[0]).toBeLessThanOrEqual(unknown.loss);
        expect(unknown.lossRange[1]).toBeGreaterThanOrEqual(unknown.loss);
        const edges = graph.edges.map((each, index) =>
          index === 0 ? { ...each, range: [0, 1] as [number, number] } : each,
        );
        const less = run({ ...graph, edges });
        expect(less.lossRange[0]).toBeLessThanOrEqual(unknown.lossRange[0]);
        expect(less.lossRange[1]).toBeGreaterThanOrEqual(unknown.lossRange[1]);
        expect(less.loss).toBe(unknown.loss);
      }),
    );
  });

  it('the same input gives the same output', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        expect(run(structuredClone(graph)).fallen).toEqual(run(graph).fallen);
      }),
    );
  });
});
