import type { AttackEdge, AttackNode } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawSteps } from './draw-steps.ts';
import { edgeProbability } from './edge-probability.ts';
import { BOX_HEIGHT, layoutAttack } from './layout-attack.ts';

const node = (id: string, value = 0): AttackNode => ({ id, kind: 'workload', label: id, value });
const edge = (from: string, to: string, probability = 0.5, id = `${from}>${to}`): AttackEdge => ({
  id,
  from,
  to,
  kind: 'reach',
  probability,
  causes: [],
  phrase: '',
  reason: '',
  places: [],
});

describe('edgeProbability', () => {
  it('needs one cause to hold, where there are any', () => {
    const causes = [0.5, 0.5].map((shared, index) => ({ key: `${index}`, shared, local: 1, reason: '' }));
    expect(edgeProbability({ probability: 1, causes: [] })).toBe(1);
    expect(edgeProbability({ probability: 0.8, causes })).toBeCloseTo(0.6);
  });
});

const step = (edge: string) => ({ edge, from: '', to: '', probability: 0.5, phrase: '', reason: '' });

describe('layoutAttack', () => {
  const view = {
    nodes: [node('internet'), node('ingress'), node('cart'), node('secrets', 60), node('db', 10)],
    edges: [edge('internet', 'ingress', 1), edge('ingress', 'cart'), edge('cart', 'secrets'), edge('cart', 'db')],
  };
  const way = ['internet>ingress', 'ingress>cart', 'cart>secrets'];
  const layout = (drawn: typeof view) =>
    layoutAttack(drawSteps(drawn, 'cart', way.slice(0, 2).map(step), way.slice(2).map(step)), 'cart', 1200);

  it('draws the main way in one row, from left to right', () => {
    const { boxes, lines } = layout(view);
    const stops = ['internet', 'ingress', 'cart', 'secrets'].map((id) => boxes.find((box) => box.node.id === id));
    expect(new Set(stops.map((box) => box?.y)).size).toBe(1);
    expect(stops.map((box) => box?.x)).toEqual(stops.map((box) => box?.x).toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(lines.filter(({ onMain }) => onMain).map((line) => line.step.id)).toEqual(way);
  });

  it('draws several steps between two nodes as one line that counts the others', () => {
    const twice = { nodes: view.nodes, edges: [...view.edges, edge('cart', 'db', 0.9, 'likelier')] };
    const line = layout(twice).lines.find((line) => line.step.to === 'db');
    expect(line).toMatchObject({ others: 1, step: { chance: 0.9 } });
  });

  it('shows four nodes of a column and counts the rest', () => {
    const many = Array.from({ length: 9 }, (_, index) => node(`peer-${index}`, index));
    const wide = {
      nodes: [...view.nodes, ...many],
      edges: [...view.edges, ...many.map(({ id }) => edge('cart', id))],
    };
    const { boxes, hidden } = layout(wide);
    expect(
      boxes.filter(({ node }) => node.id.startsWith('peer') || node.id === 'db').map(({ node }) => node.id),
    ).toEqual(['db', 'peer-8', 'peer-7']);
    expect(hidden).toEqual({ nodes: 7, steps: 7 });
  });

  it('draws nothing over anything, inside its size, and loses no node or step, whatever the graph', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const pairs = fc.uniqueArray(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), {
      selector: ([from, to]) => `${from}>${to}`,
      maxLength: 30,
    });
    fc.assert(
      fc.property(pairs, fc.integer({ min: 200, max: 2000 }), (drawn, width) => {
        const graph = { nodes: ids.map((id) => node(id)), edges: drawn.map(([from, to]) => edge(from, to)) };
        const layout = layoutAttack(drawSteps(graph, 'a', [], []), 'a', width);
        const spots = new Set(layout.boxes.map(({ x, y }) => `${x} ${y}`));
        expect(spots.size).toBe(layout.boxes.length);
        for (const { x, y } of layout.boxes) {
          expect(x + layout.boxWidth).toBeLessThanOrEqual(layout.width);
          expect(y + BOX_HEIGHT).toBeLessThanOrEqual(layout.height);
        }
        expect(layout.boxes.length + layout.hidden.nodes).toBe(ids.length);
        expect(layout.lines.length + layout.hidden.steps).toBe(drawn.length);
      }),
    );
  });
});
