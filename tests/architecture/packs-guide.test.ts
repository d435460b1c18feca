import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInPolicies } from '@breakwater/sources/policies';
import { describe, expect, it } from 'vitest';
import { root } from './imports.ts';

const guide = readFileSync(join(root, 'docs/guide/packs.md'), 'utf8');
const policies = builtInPolicies().policies.map(({ policy }) => policy);

/** First cells of the rows of the table under a heading of columns. */
const rows = (heading: string): string[][] =>
  guide
    .slice(guide.indexOf(heading))
    .split('\n\n')[0]!
    .split('\n')
    .slice(2)
    .map((row) => row.split(' | ').map((cell) => cell.replace(/^\| |\|$/g, '')));

const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

describe('docs/guide/packs.md', () => {
  it('says what each pack is about, and of no pack that there is not', () => {
    const packs = [...new Set(policies.flatMap(({ spec }) => spec.pack ?? []))].sort();
    expect(
      rows('| Pack |')
        .flatMap(([pack]) => names(pack!))
        .sort(),
    ).toEqual(packs);
  });

  it('names parameters that the policies have', () => {
    const wrong = rows('| Policy | Parameters |').flatMap(([policy, params]) => {
      const given = names(params!).filter((name) => /^[a-z]\w+$/i.test(name));
      expect(given.length).toBeGreaterThan(0);
      return names(policy!).flatMap((name) => {
        const own = policies.find(({ metadata }) => metadata.name === name)?.spec.params ?? {};
        return given.filter((param) => !Object.hasOwn(own, param)).map((param) => `${name}: ${param}`);
      });
    });
    expect(wrong).toEqual([]);
  });
});
