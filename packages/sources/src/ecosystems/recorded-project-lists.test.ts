import { existsSync, readFileSync } from 'node:fs';
import type { Component } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { cocoapods } from './cocoapods/cocoapods.ts';
import { conan } from './conan/conan.ts';
import { conda } from './conda/conda.ts';
import { cran } from './cran/cran.ts';
import type { Ecosystem } from './ecosystem.ts';
import { haskell } from './haskell/haskell.ts';
import { hex } from './hex/hex.ts';
import { julia } from './julia/julia.ts';
import { pub } from './pub/pub.ts';
import { swift } from './swift/swift.ts';

const root = '../shared/inventories/lockfiles';

interface Expectation {
  files: Record<string, { packages: { name: string; version: string; groups?: string[]; licenses?: string[] }[] }>;
  negative: Record<string, { error?: string }>;
}

/** Cases in which we say something else than the tool whose test it was, and why. */
const OTHERWISE: Record<string, { why: string; also?: string[]; not?: string[] }> = {
  'hex/trivy-happy.mix/mix.lock': { why: 'a package from a commit is there, of whatever version', also: ['esaml@'] },
  'haskell/scalibr-valid_2/cabal.project.freeze': {
    why: 'a constraint holds for every use of a package or for one: either pins a version that is built in',
    also: ['foo@2.4.0.3'],
  },
  'renv/scalibr-with-mixed-sources/renv.lock': {
    why: 'a package from a commit states its version, and has the flaws of that version',
    also: ['mime@0.12.1'],
  },
  'renv/scalibr-with-bioconductor/renv.lock': {
    why: 'packages of Bioconductor have advisories of their own in OSV',
    also: ['BSgenome@1.60.0'],
  },
  'renv/scalibr-without-repository/renv.lock': {
    why: 'a package of which nothing tells the origin is there: its name is looked up as CRAN’s',
    also: ['morning@0.1.0'],
  },
  'julia/trivy-missed-child-dep-Manifest/Manifest.toml': {
    why: 'packages that are listed are there, whatever of their dependencies is not',
    also: ['Base64@', 'Dates@', 'InteractiveUtils@', 'LibGit2@'],
  },
  'julia/trivy-multiple-same-deps-Manifest/Manifest.toml': {
    why: 'a name may be that of two packages',
    also: ['Dates@', 'Printf@', 'Printf@'],
  },
};

const FAMILIES: Record<string, Ecosystem> = { hex, pub, swift, cocoapods, conan, conda, haskell, julia, renv: cran };

function read(family: string, file: string): { found: Component[]; unknowns: number } {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/^conda-meta\.json$/, 'conda-meta/package.json');
  const path = `app/${name}`;
  expect(FAMILIES[family]!.wants(path)).toBe(true);
  const files = [{ path, bytes: readFileSync(`${root}/${family}/${file}`) }];
  const { components, unknowns } = FAMILIES[family]!.parse(files, { target: 'test' });
  return { found: components, unknowns: unknowns.length };
}

/** `unknown` is what Trivy writes where a manifest of Julia states no version. */
const identity = ({ name, version }: { name: string; version: string }): string =>
  `${name}@${version === 'unknown' ? '' : version}`;

describe.skipIf(!existsSync(root))('recorded lists of projects (skipped without ../shared/inventories)', () => {
  describe.each(Object.keys(FAMILIES))('%s', (family) => {
    const path = `${root}/${family}/expected.json`;
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '{"files":{},"negative":{}}';
    const { files, negative } = JSON.parse(text) as Expectation;

    it.each(Object.keys(files))('lists exactly the packages of %s', (file) => {
      const { found, unknowns } = read(family, file);
      const { also = [], not = [] } = OTHERWISE[`${family}/${file}`] ?? {};
      const wanted = [...files[file]!.packages.map(identity), ...also].filter((item) => !not.includes(item));
      const listed = found.filter((item) => !item.development || wanted.includes(identity(item)));
      expect(listed.map(identity).sort()).toEqual(wanted.sort());
      const licences = files[file]!.packages.flatMap((item) => item.licenses ?? []);
      if (licences.length > 0) expect(found.flatMap((item) => item.licences)).toEqual(licences);
      const isWhole = !/no-name|valid_2|operator-only/.test(file);
      if (isWhole) expect(unknowns).toBe(0);
    });

    it.each(Object.keys(negative))('finds nothing in %s, and says so where it is no list', (file) => {
      const { found, unknowns } = read(family, file);
      const { also = [] } = OTHERWISE[`${family}/${file}`] ?? {};
      expect(found.map(identity).sort()).toEqual(also);
      // Trivy's test of an empty pubspec.lock names an error where there is none.
      const isError = negative[file]!.error !== undefined && negative[file]!.error !== 'assert.NoError';
      if (isError && also.length === 0) expect(unknowns).toBeGreaterThan(0);
    });
  });
});
