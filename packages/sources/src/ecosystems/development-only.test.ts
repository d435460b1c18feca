import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { developmentOnly } from './development-only.ts';

describe('what only development reaches', () => {
  it.each([
    ['what both reach is shipped', ['a'], ['b'], { a: ['c'], b: ['c', 'd'] }, ['b', 'd']],
    ['circles end', ['a'], ['b'], { a: ['a'], b: ['c'], c: ['b'] }, ['b', 'c']],
    ['what neither reaches is not told', [], [], { a: ['b'] }, []],
  ] as [string, string[], string[], Record<string, string[]>, string[]][])(
    '%s',
    (_, shipped, development, edges, only) => {
      expect([...developmentOnly(shipped, development, (node) => edges[node] ?? [])]).toEqual(only);
    },
  );

  it('never holds what is shipped, whatever the graph', () => {
    const nodes = fc.array(fc.nat(9), { maxLength: 5 });
    fc.assert(
      fc.property(nodes, nodes, fc.array(nodes, { minLength: 10, maxLength: 10 }), (shipped, development, edges) => {
        const only = developmentOnly(shipped, development, (node) => edges[node]!);
        for (const node of shipped) expect(only).not.toContain(node);
        for (const node of development)
          expect(only.has(node) || developmentOnly([], shipped, (at) => edges[at]!).has(node)).toBe(true);
      }),
    );
  });
});
