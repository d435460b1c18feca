import type { AttackEdge, AttackNode, PathStep } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { drawSteps } from './draw-steps.ts';

const node = (id: string, kind: AttackNode['kind'] = 'workload'): AttackNode => ({ id, kind, label: id, value: 0 });
const edge = (id: string, from: string, to: string): AttackEdge => ({
  id,
  from,
  to,
  kind: 'reach',
  probability: 0.5,
  causes: [],
  phrase: '',
  reason: '',
  places: [],
});
const step = (from: string, to: string, edge: string): PathStep => ({
  from,
  to,
  edge,
  probability: 0.9,
  phrase: 'through a door',
  reason: 'because',
});

describe('drawSteps', () => {
  const view = {
    nodes: [
      node('Internet', 'origin'),
      node('door', 'hub'),
      node('web'),
      node('net', 'hub'),
      node('db'),
      node('cache'),
      node('image', 'hub'),
    ],
    edges: [
      edge('enter', 'Internet', 'door'),
      edge('exploit', 'door', 'web'),
      edge('join', 'web', 'net'),
      edge('to-db', 'net', 'db'),
      edge('to-cache', 'net', 'cache'),
      edge('runs', 'image', 'web'),
    ],
  };
  const picture = drawSteps(view, 'web', [step('Internet', 'web', 'exploit')], [step('web', 'db', 'to-db')]);

  it('draws the main way from end to end, with the chance and the words of the path', () => {
    expect(picture.steps.slice(0, 2)).toMatchObject([
      { id: 'exploit', from: 'Internet', to: 'web', chance: 0.9, phrase: 'through a door' },
      { id: 'to-db', from: 'web', to: 'db', chance: 0.9 },
    ]);
    expect(picture).toMatchObject({ path: ['exploit'], onward: ['to-db'] });
  });

  it('leaves hubs that come from nowhere or lead nowhere to the table, and keeps those that lead on', () => {
    expect(picture.nodes.map(({ id }) => id)).toEqual(['Internet', 'web', 'net', 'db', 'cache']);
    expect(picture.steps.map(({ id }) => id)).toEqual(['exploit', 'to-db', 'join', 'to-cache']);
  });

  it('skips a step whose edge is not in the view', () => {
    expect(drawSteps(view, 'web', [step('Internet', 'web', 'gone')], []).path).toEqual([]);
  });
});
