import { describe, expect, it } from 'vitest';
import type { Inventory } from './ecosystem.ts';
import { type GraphPackage, type GraphProject, lockGraph } from './lock-graph.ts';
import { LockedPackages } from './locked-packages.ts';
import { NPM_NAME, npmComponent } from './npm/npm-component.ts';

function lock(packages: Record<string, GraphPackage<string>>, projects: GraphProject<string>[]): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const locked = new LockedPackages(npmComponent, NPM_NAME);
  lockGraph(new Map(Object.entries(packages)), projects, locked);
  locked.finish('a.lock', { target: 'test' }, inventory);
  return inventory;
}

const item = (name: string, needs: string[], version = '1'): GraphPackage<string> => ({ name, version, needs });

describe('packages of a lock file', () => {
  it('that has several entries are as close, and as much shipped, as the closest of them', () => {
    const packages = { x: item('a', []), y: item('a', ['z']), z: item('b', []) };
    const { components } = lock(packages, [{ ships: ['x'], develops: ['y'] }]);
    expect(components).toMatchObject([
      { name: 'a', development: false, relationship: 'direct', dependsOn: ['pkg:npm/b@1'] },
      { name: 'b', development: true, relationship: 'indirect' },
    ]);
  });

  it('are neither direct nor of development where no project is known', () => {
    const [component] = lock({ a: item('a', ['a']) }, []).components;
    expect(component).toMatchObject({ development: false, dependsOn: [] });
    expect(component).not.toHaveProperty('relationship');
    expect(component).not.toHaveProperty('line');
  });

  it('keep the word of their own entry, and their line', () => {
    const packages = { a: { ...item('a', []), development: true, line: 7 } };
    expect(lock(packages, [{ ships: ['a'], develops: [] }]).components).toMatchObject([{ development: true, line: 7 }]);
  });

  it('may be needed by projects that are listed, and need those', () => {
    const listed = { key: 'p', name: 'p', version: '', relationship: 'workspace' as const };
    const { components } = lock({ a: item('a', ['p']) }, [{ ships: ['a'], develops: [], listed }]);
    expect(components.map(({ id, relationship, dependsOn }) => [id, relationship, dependsOn])).toEqual([
      ['pkg:npm/p', 'workspace', ['pkg:npm/a@1']],
      ['pkg:npm/a@1', 'direct', ['pkg:npm/p']],
    ]);
  });
});
