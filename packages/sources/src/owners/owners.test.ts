import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCodeOwners } from './index.ts';
import { parseCodeOwners } from './parse-code-owners.ts';
import { matchesPath, parsePathPattern } from './path-pattern.ts';

describe('patterns', () => {
  it.each<[string, string[], string[]]>([
    ['*', ['a', 'a/b.yaml'], []],
    ['*.yaml', ['a.yaml', 'k8s/a.yaml'], ['a.yml', 'yaml']],
    ['/*.yaml', ['a.yaml'], ['k8s/a.yaml']],
    ['k8s', ['k8s/a.yaml', 'x/k8s/a.yaml'], ['k8s-old/a.yaml']],
    ['k8s/', ['k8s/a.yaml', 'x/k8s/b/c'], ['x/k8sa']],
    ['/k8s/', ['k8s/a.yaml', 'k8s/b/c'], ['x/k8s/a.yaml']],
    ['k8s/*', ['k8s/a.yaml'], ['k8s/b/c.yaml', 'x/k8s/a.yaml']],
    ['k8s/**', ['k8s/a.yaml', 'k8s/b/c.yaml'], ['x/k8s/a.yaml']],
    ['/apps/**/deploy', ['apps/deploy/a', 'apps/x/y/deploy/a'], ['deploy/a', 'apps/deployed/a']],
    ['**/prod/*.yaml', ['prod/a.yaml', 'x/prod/a.yaml'], ['prod/x/a.yaml']],
    ['a?c', ['abc', 'x/abc/d'], ['ac']],
  ])('%s', (text, inside, outside) => {
    const pattern = parsePathPattern(text)!;
    for (const path of inside) expect([path, matchesPath(pattern, path)]).toEqual([path, true]);
    for (const path of outside) expect([path, matchesPath(pattern, path)]).toEqual([path, false]);
  });

  it('take time in proportion to the path, whatever stars they have', () => {
    const pattern = parsePathPattern(`${'*a'.repeat(200)}b`)!;
    const started = performance.now();
    expect(matchesPath(pattern, 'a'.repeat(4_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, path) => {
        const pattern = parsePathPattern(text);
        if (pattern !== undefined) expect(typeof matchesPath(pattern, path)).toBe('boolean');
      }),
    );
  });
});

describe('CODEOWNERS', () => {
  const owners = parseCodeOwners(
    [
      '# who owns what',
      '* @everybody',
      'k8s/shop/ @shop @shop/leads # both',
      'k8s/shop/free.yaml',
      'a\\ b.yaml @space',
      '[Security][2] @security',
      '/secret/',
      '/secret/open.yaml @open',
    ].join('\r\n'),
  );

  it.each([
    ['README.md', ['@everybody']],
    ['k8s/shop/a.yaml', ['@shop', '@shop/leads']],
    ['k8s/shop/free.yaml', []],
    ['a b.yaml', ['@space']],
    ['secret/key', ['@security']],
    ['secret/open.yaml', ['@open']],
  ])('%s', (path, expected) => {
    expect(owners(path)).toEqual(expected);
  });

  it('are those of the repository that a file is in', () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-owners-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ['one/.git', 'one/.github', 'one/k8s', 'two/.git', 'none']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    writeFileSync(join(folder, 'one/.github/CODEOWNERS'), 'k8s/ @one\n');
    writeFileSync(join(folder, 'one/CODEOWNERS'), '* @not-read\n');
    const { ownersOf } = openCodeOwners();
    expect(ownersOf(join(folder, 'one/k8s/a.yaml'))).toEqual(['@one']);
    expect(ownersOf(join(folder, 'one/a.yaml'))).toEqual([]);
    expect(ownersOf(join(folder, 'two/a.yaml'))).toEqual([]);
    expect(ownersOf(join(folder, 'none/a.yaml'))).toEqual([]);
  });
});
