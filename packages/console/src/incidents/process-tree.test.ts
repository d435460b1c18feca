import type { IncidentProcess } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { type ProcessNode, processTrees } from './process-tree.ts';

const process = (id: string, parent?: string): IncidentProcess => ({
  id,
  ...(parent !== undefined && { parent }),
  subject: 'shop/Deployment/cart',
  path: `/bin/${id}`,
  arguments: '',
});

const shape = (nodes: ProcessNode[]): unknown =>
  nodes.map(({ process, children }) => (children.length === 0 ? process.id : [process.id, shape(children)]));

describe('trees of processes', () => {
  it('stand below what started them, whatever the order', () => {
    expect(shape(processTrees([process('c', 'b'), process('a'), process('b', 'a'), process('d')]))).toEqual([
      ['a', [['b', ['c']]]],
      'd',
    ]);
  });

  it('lose none whose parent is not here', () => {
    expect(shape(processTrees([process('a', 'gone')]))).toEqual(['a']);
  });

  it('lose none that are said to be below themselves', () => {
    const text = JSON.stringify(
      shape(processTrees([process('a', 'b'), process('b', 'a'), process('c', 'c'), process('d', 'a')])),
    );
    for (const id of ['a', 'b', 'c', 'd']) expect(text).toContain(`"${id}"`);
  });
});
