import type { AttackEdge, AttackGraph } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from './difference.ts';
import { simulate } from './simulate.ts';
import { whatIf } from './what-if.ts';

const names = ['internet', 'a', 'b', 'c', 'd', 'e'];
const probability = fc.constantFrom(0, 0.02, 0.3, 0.5, 0.95, 1);

const anyEdge = fc.record({
  id: fc.constantFrom(...Array.from({ length: 24 }, (_, index) => `e${index}`)),
  from: fc.constantFrom(...names),
  to: fc.constantFrom(...names),
  probability,
  causes: fc.array(
    fc.record({
      key: fc.constantFrom('CVE-1', 'CVE-2'),
      shared: fc.constant(0.5),
      local: probability,
      reason: fc.constant(''),
    }),
    { maxLength: 2 },
  ),
});

/** Graphs over the same nodes; edges of two graphs may share ids. */
const anyGraph = fc.uniqueArray(anyEdge, { selector: (each) => each.id, maxLength: 16 }).map(
  (edges): AttackGraph => ({
    nodes: names.map((id, index) => ({ id, kind: index === 0 ? 'origin' : 'workload', label: id, value: index * 2 })),
    edges: edges.map((each): AttackEdge => ({ ...each, kind: 'reach', phrase: '', reason: '', places: [] })),
  }),
);

describe('whatIf', () => {
  it('gives what a whole run of the changed graph gives, and leaves the simulation as it was', () => {
    fc.assert(
      fc.property(anyGraph, anyGraph, (before, after) => {
        const simulation = simulate(before, { worlds: 640 });
        const rows = simulation.fallen.slice();
        const outcome = whatIf(simulation, differenceOf(before, after)!);
        const whole = simulate(after, { worlds: 640 });
        expect(outcome.loss).toBe(whole.loss);
        for (const name of names) expect(outcome.probabilityOf(name)).toBe(whole.probabilityOf(name));
        expect(simulation.fallen).toEqual(rows);
      }),
      { numRuns: 400 },
    );
  });

  it('takes the value of a node that is gone with it', () => {
    const [before] = fc.sample(anyGraph, { numRuns: 1, seed: 7 });
    const edge: AttackEdge = {
      id: 'x',
      from: 'internet',
      to: 'a',
      kind: 'reach',
      probability: 1,
      causes: [],
      phrase: '',
      reason: '',
      places: [],
    };
    const full = { ...before!, edges: [edge] };
    const after = { nodes: full.nodes.filter((node) => node.id !== 'a'), edges: [] };
    expect(simulate(full, { worlds: 32 }).loss).toBe(2);
    expect(whatIf(simulate(full, { worlds: 32 }), differenceOf(full, after)!).loss).toBe(0);
  });

  it('leaves to a whole run what brings a node or an origin', () => {
    const graph: AttackGraph = { nodes: [{ id: 'a', kind: 'workload', label: 'a', value: 1 }], edges: [] };
    expect(differenceOf({ nodes: [], edges: [] }, graph)).toBeUndefined();
    expect(differenceOf({ nodes: [{ ...graph.nodes[0]!, kind: 'origin' }], edges: [] }, graph)).toBeUndefined();
  });
});
