import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PackageFile } from '../../ecosystem.ts';
import { java } from '../java.ts';

const root = '../shared/inventories/lockfiles/maven-resolution';

interface Recorded {
  name: string;
  version: string;
  relationship: string;
  licenses?: string[];
}

interface Case {
  packages: Recorded[];
  dependencies?: { id: string; depends_on: string[] }[];
}

const MISSING = !existsSync(root);
const cases = MISSING
  ? {}
  : (JSON.parse(readFileSync(`${root}/expected.json`, 'utf8')) as { files: Record<string, Case> }).files;

function filesBelow(folder: string, prefix: string): PackageFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: prefix + relative(folder, path), bytes: readFileSync(path) }))
    .filter(({ path }) => java.wants(path));
}

describe.skipIf(MISSING)('recorded trees of Maven (skipped without ../shared/inventories)', () => {
  const repository = MISSING ? [] : filesBelow(`${root}/repository`, 'home/.m2/repository/');

  it.each(Object.keys(cases))('resolves %s exactly', (path) => {
    const { packages, dependencies = [] } = cases[path]!;
    const project = path.split('/').slice(0, 2).join('/');
    const files = filesBelow(`${root}/${project}`, `${project}/`);
    const { components } = java.parse([...files, ...repository], { target: 'test' });
    // The other tool lists modules under their project, we list each by itself.
    const hasModules = packages.some(({ relationship }) => relationship === 'workspace');
    const listed = components.filter((item) =>
      hasModules ? item.path.startsWith(`/${project}/`) : item.path === `/${path}`,
    );
    const shipped = listed.filter(({ development }) => !development);
    const textOf = (name: string, version: string, kind: string, licences: string[] = []): string =>
      `${name} ${version} ${kind} ${licences.join('|')}`;
    const found = shipped.map((item) => textOf(item.name, item.version, item.relationship!, item.licences));
    const wanted = packages.map(({ name, version, relationship, licenses }) =>
      textOf(name, version, relationship === 'workspace' ? 'root' : relationship, licenses),
    );
    expect([...new Set(found)].sort()).toEqual([...new Set(wanted)].sort());
    if (hasModules) return;
    const names = new Map(listed.map(({ id, name, version }) => [id, version === '' ? name : `${name}:${version}`]));
    const edges = (id: string, needs: string[]): string => `${id} needs ${needs.toSorted().join(', ')}`;
    const linked = shipped.flatMap((item) => {
      // The other tool has no edges to what has no version.
      const needs = item.dependsOn?.filter((id) => shipped.some((other) => other.id === id && other.version !== ''));
      if (needs === undefined || needs.length === 0) return [];
      return edges(
        names.get(item.id)!,
        needs.map((id) => names.get(id)!),
      );
    });
    expect(linked.sort()).toEqual(dependencies.map((item) => edges(item.id, item.depends_on)).sort());
  });

  it('says of each project what could not be had', () => {
    for (const [name, gap] of Object.entries(GAPS)) {
      const files = filesBelow(`${root}/cases/${name}`, '');
      const { unknowns } = java.parse([...files, ...repository], { target: 'test' });
      expect(unknowns, name).toMatchObject([{ message: expect.stringContaining(gap), place: { path: '/pom.xml' } }]);
    }
  });

  it('knows of recorded cases all that are there', () => {
    expect(Object.keys(cases).map((path) => dirname(path)).length).toBe(43);
  });
});

const GAPS = {
  'not-found-parent': 'The parent of a pom.xml is not at hand: com.example:parent:1.0.0',
  'not-found-dependency': 'org.example:example-not-found:999',
  'not-found-module': 'Modules of a pom.xml are not there: module',
  'version-requirement': 'Versions that a pom.xml leaves to others are not known: org.example:example-api',
};
