import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Component } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { ecosystems } from './all.ts';

const root = '../shared/inventories/lockfiles';

interface Recorded {
  name: string;
  version: string;
  id?: string;
  dev?: boolean;
  groups?: string[];
  relationship?: string;
}

interface Expectation {
  files: Record<string, { packages: Recorded[]; dependencies?: { id: string; depends_on: string[] }[] }>;
  negative: Record<string, { error?: string; empty?: boolean }>;
}

/** Cases in which we say something else than the tool whose test it was, and why. */
const OTHERWISE: Record<string, { why: string; also?: string[]; not?: string[] }> = {
  'npm/trivy-package-lock_v3_broken_link/package-lock.json': {
    why: 'a folder that the list names is there, whoever links to it',
    also: ['func1@1.0.0'],
  },
  'yarn/trivy-yarn_with_local/yarn.lock': {
    why: 'a package from a folder is a copy of a published one as often as not',
    also: ['local-package@0.0.1'],
  },
  'yarn/trivy-yarn_with_bad_protocol/yarn.lock': {
    why: 'whatever the range says, the version is stated',
    also: ['asap@2.0.6'],
  },
  'yarn/trivy-yarn_with_git/yarn.lock': {
    why: 'a package from a commit states its version, and has the flaws of that version',
    also: ['mapbox-gl-feature-drag-and-drop@1.1.1'],
  },
  'yarn/trivy-yarn_v2_happy/yarn.lock': {
    why: 'a patched package is still of its version',
    also: ['fsevents@2.1.3'],
  },
  'yarn/scalibr-exclude-root.v2/yarn.lock': {
    why: 'a workspace is the project itself, and 0.0.0-use.local is no version of anything',
    not: ['@ws/ansi-regex@0.0.0-use.local'],
  },
  'pip/trivy-requirements_compatible/requirements.txt': {
    why: 'none is pinned: the lowest version that a range allows is a guess, each is an unknown',
    not: ['keyring@4.1.1', 'mopidy-dirble@1.1', 'python-gitlab@2.0.0', 'pyjwt@1.2', 'eventlet@0.18.2'],
  },
  'pip/scalibr-no_version/requirements.txt': {
    why: 'none is pinned: each is an unknown',
    not: ['pycrypto@', 'gmpy2@', 'sympy@'],
  },
  'pip/scalibr-with_versions/requirements.txt': {
    why: 'what is not pinned is an unknown',
    not: ['asdf@', 'newspaper3k@0.2.2', 'combination-also-valid@3.5', 'pkg@1.2.3'],
  },
  'pip/scalibr-example/requirements.txt': {
    why: 'what is not pinned is an unknown, the file that is included is not there, and a wheel is what its name says',
    also: ['numpy@1.9.2', 'wxpython-phoenix@3.0.3.dev1820+49a8884'],
    not: [
      'beautifulsoup4@',
      'coverage@',
      'keyring@4.1.1',
      'mopidy-dirble@1.1',
      'pandas@2.2.3',
      'pytest-cov@',
      'pytest@',
      'requests@',
    ],
  },
  'pip/scalibr-per_req_options/requirements.txt': {
    why: 'what stands behind a version is no part of it',
    also: ['foo7@1.0'],
    not: ['foo7@1.0 unexpected_text_before_options_stays_around'],
  },
  'pipenv/scalibr-no-version/Pipfile.lock': {
    why: 'a package without a version is still there: nobody can say whether it is vulnerable',
    also: ['markupsafe@', 'itsdangerous@'],
  },
  'nuget/trivy-packages/Directory.Packages.props': {
    why: 'a package is there whose version only a variable of the build says',
    also: ['Package3@'],
  },
  'nuget/trivy-variables_and_empty/Directory.Packages.props': {
    why: 'packages are there whose versions only variables of the build say',
    also: ['PackageOne@', 'package@'],
  },
  'uv/trivy-uv_without_root/uv.lock': { why: 'the list is whole without the project', also: ['asyncio@3.4.3'] },
  'uv/trivy-uv_multiple_roots/uv.lock': { why: 'the list is whole, whatever its projects', also: ['asyncio@3.4.3'] },
};

function read(family: string, file: string): { found: Component[]; unknowns: number } {
  const [folder = '', stated = ''] = file.split('/');
  const name = stated.replace(/^installed(?=\.gemspec$)/, 'specifications/installed');
  const ecosystem = ecosystems.find(({ wants }) => wants(`app/${name}`));
  const beside = readdirSync(`${root}/${family}/${folder}`).map((item) => ({
    path: `app/${item === stated ? name : item}`,
    bytes: readFileSync(`${root}/${family}/${folder}/${item}`),
  }));
  const { components, unknowns } = ecosystem!.parse(
    beside.filter(({ path }) => ecosystem!.wants(path)),
    {
      target: 'test',
    },
  );
  return { found: components.filter(({ path }) => path === `/app/${name}`), unknowns: unknowns.length };
}

const identity = (family: string, { name, version }: { name: string; version: string }): string =>
  `${PYTHON.has(family) ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : name}@${version}`;

const PYTHON = new Set(['pip', 'pipenv', 'poetry', 'uv', 'pdm', 'pylock']);
/** `groups` of uv's cases are extras: published, and so not of development only. */
const isExtra = (family: string, items: Recorded[]): boolean => family === 'uv' && items.some(({ groups }) => groups);
const isOfDevelopment = ({ dev, groups = [] }: Recorded): boolean =>
  dev === true || (groups.length > 0 && groups.every((group) => group === 'dev' || group === 'test'));
const SCRIPTS = ['npm', 'yarn', 'pnpm', 'bun', 'pip', 'pipenv', 'poetry', 'uv', 'pdm', 'pylock', 'gem', 'composer'];
const FAMILIES = [...SCRIPTS, 'cargo', 'nuget'];

describe.skipIf(!existsSync(root))('recorded lock files (skipped without ../shared/inventories)', () => {
  describe.each(FAMILIES)('%s', (family) => {
    const path = `${root}/${family}/expected.json`;
    const expectation = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Expectation) : undefined;
    const { files = {}, negative = {} } = expectation ?? {};

    it.each(Object.keys(files))('lists exactly the packages of %s', (file) => {
      const { found } = read(family, file);
      const { also = [], not = [] } = OTHERWISE[`${family}/${file}`] ?? {};
      const wanted = new Set(files[file]!.packages.map((item) => identity(family, item)));
      for (const item of also) wanted.add(item);
      for (const item of not) wanted.delete(item);
      // Some tools leave out what is of development only, and the project itself; we list both, and say so.
      const isLeftOut = ({ development, relationship }: Component): boolean =>
        development || relationship === 'root' || relationship === 'workspace';
      const listed = found.filter((item) => !isLeftOut(item) || wanted.has(identity(family, item)));
      expect(listed.map((item) => identity(family, item)).sort()).toEqual([...wanted].sort());
      const scope = /\.(?:gemspec|deps\.json)$/.test(file) ? 'installed' : 'locked';
      expect(found.filter((item) => item.scope !== scope)).toEqual([]);
    });

    it('says what needs what as the recorded expectation does', () => {
      for (const [file, { packages, dependencies }] of Object.entries(files)) {
        if (dependencies === undefined) continue;
        const names = new Map(packages.map((item) => [item.id, identity(family, item)]));
        const wanted = dependencies.flatMap(({ id, depends_on: targets }) =>
          targets.map((target) => `${names.get(id)} needs ${names.get(target)}`),
        );
        const { found } = read(family, file);
        const ours = new Map(found.map((item) => [item.id, identity(family, item)]));
        const known = new Set(names.values());
        const edges = found
          .filter((item) => known.has(identity(family, item)))
          .flatMap((item) =>
            (item.dependsOn ?? [])
              .filter((id) => known.has(ours.get(id)!))
              .map((id) => `${identity(family, item)} needs ${ours.get(id)}`),
          );
        // The other tool leaves out needs of Python's whose range it cannot read.
        const stated = PYTHON.has(family) ? edges.filter((edge) => wanted.includes(edge)) : edges;
        expect(stated.sort(), file).toEqual([...new Set(wanted)].sort());
      }
    });

    it('tells what is named directly as the recorded expectation does', () => {
      for (const [file, { packages }] of Object.entries(files)) {
        const ours = new Map(read(family, file).found.map((item) => [identity(family, item), item.relationship]));
        for (const item of packages) {
          if (item.relationship === undefined || item.relationship === 'unknown') continue;
          // What a workspace of npm names is as direct as what the root does; another tool knows only the root.
          if (file.includes('v3_with_workspace') || file.includes('without_root_deps')) continue;
          const wanted = `${file}: ${identity(family, item)} is ${item.relationship}`;
          expect(`${file}: ${identity(family, item)} is ${ours.get(identity(family, item))}`).toBe(wanted);
        }
      }
    });

    it('calls of development what the recorded expectation does', () => {
      for (const [file, { packages }] of Object.entries(files)) {
        const { found } = read(family, file);
        const development = new Set(found.filter((item) => item.development).map((item) => identity(family, item)));
        for (const [key, items] of Map.groupBy(packages, (item) => identity(family, item))) {
          if (items.every(isOfDevelopment) && !isExtra(family, items)) expect(development, file).toContain(key);
          // The other tool's tests say of every package what it is for.
          else if (file.startsWith('trivy-')) expect(development, file).not.toContain(key);
        }
      }
    });

    it.each(Object.keys(negative))('finds nothing in %s, and says so where it is no lock file', (file) => {
      const { found, unknowns } = read(family, file);
      const { also = [] } = OTHERWISE[`${family}/${file}`] ?? {};
      const listed = found.filter(({ relationship }) => relationship !== 'root');
      expect(listed.map((item) => identity(family, item))).toEqual(also);
      if (negative[file]!.error !== undefined && also.length === 0) expect(unknowns).toBeGreaterThan(0);
    });
  });
});
