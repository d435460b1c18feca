import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Workspaces, workspacesOf } from './workspaces.ts';

describe('workspaces', () => {
  it.each([
    [['packages/*'], 'packages/a', true],
    [['packages/*'], 'packages/a/b', false],
    [['packages/**'], 'packages/a/b', true],
    [['**/a'], 'x/y/a', true],
    [['./packages/a/'], 'packages/a', true],
    [['packages/*-app'], 'packages/my-app', true],
    [['packages/*-app'], 'packages/-ap', false],
    [['packages/a*b*c'], 'packages/abbc', true],
    [['packages/a*b*c'], 'packages/acb', false],
    [['packages/*', '!packages/b'], 'packages/b', false],
    [['packages/*', '!./packages/b'], 'packages/a', true],
    [['*'], 'a', true],
    [[], 'a', false],
    [[1, null], 'a', false],
  ])('%j mean the folder %s: %s', (patterns, folder, expected) => {
    expect(new Workspaces(patterns).has(folder)).toBe(expected);
  });

  it('are stated as a list, or in an object', () => {
    expect(workspacesOf({ workspaces: ['a'] }).has('a')).toBe(true);
    expect(workspacesOf({ workspaces: { packages: ['a'] } }).has('a')).toBe(true);
    expect(workspacesOf({ workspaces: 'a' }).isEmpty).toBe(true);
  });

  it('are found in time, whatever the patterns', () => {
    const part = fc.constantFrom('*', '**', 'a', 'a*', '*a*', '!a', '');
    const pattern = fc.array(part, { maxLength: 40 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(pattern), pattern, (patterns, folder) => {
        const started = performance.now();
        new Workspaces(patterns).has(folder);
        expect(performance.now() - started).toBeLessThan(100);
      }),
    );
  });
});
