import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { java } from './java.ts';

const locks = '../shared/inventories/lockfiles';

const parse = (path: string, text: string | Buffer): Inventory =>
  java.parse([{ path, bytes: Buffer.from(text as string) }], { target: 'test' });

/** Names and versions, the project of a pom.xml itself left out. */
const names = ({ components }: Inventory): string[] => [
  ...new Set(
    components.filter(({ relationship }) => relationship !== 'root').map(({ name, version }) => `${name} ${version}`),
  ),
];

describe('lists of Maven, Gradle and sbt', () => {
  it('leaves the version open where only a parent could say it', () => {
    const found = parse(
      'pom.xml',
      `<project><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId><version>\${c}</version></dependency></dependencies></project>`,
    );
    expect(names(found)).toEqual(['a:b ']);
  });

  it('ends where properties name each other', () => {
    const found = parse(
      'pom.xml',
      `<project><properties><a>\${b}\${b}</a><b>\${a}\${a}</b></properties><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId><version>\${a}</version></dependency></dependencies></project>`,
    );
    expect(names(found)).toEqual(['a:b ']);
  });

  describe.skipIf(!existsSync(locks))('recorded (skipped without ../shared/inventories)', () => {
    const families = ['maven', 'gradle', 'sbt'].filter((family) => existsSync(`${locks}/${family}`));
    const cases = families.flatMap((family) => {
      const read = JSON.parse(readFileSync(`${locks}/${family}/expected.json`, 'utf8')) as Record<
        'files' | 'negative',
        Record<string, Expected>
      >;
      return [...Object.entries(read.files), ...Object.entries(read.negative)].map(
        ([path, expected]) => [`${family}/${path}`, expected] as const,
      );
    });

    it.each(cases)('lists the artifacts of %s', (path, { packages = [], error }) => {
      const found = parse(path.slice(path.lastIndexOf('/') + 1), readFileSync(`${locks}/${path}`));
      const wanted = new Set(packages.map((item) => `${item.name} ${item.version}`));
      expect(names({ ...found, components: shipped(path, found) }).sort()).toEqual(
        OTHERWISE[path]?.found ?? [...wanted].sort(),
      );
      if (error !== undefined) expect(found.unknowns).not.toEqual([]);
    });
  });

  it('knows of recorded cases only those that are there', () => {
    if (!existsSync(locks)) return;
    const known = new Set(readdirSync(locks, { recursive: true }).map(String));
    for (const name of Object.keys(OTHERWISE)) expect(known, name).toContain(name);
  });
});

/** The recorded list of sbt leaves out what is of tests only. */
const shipped = (path: string, { components }: Inventory): Inventory['components'] =>
  path.startsWith('sbt/') ? components.filter(({ development }) => !development) : components;

/** Cases in which we say something else than the tool whose test it was, and why. */
const OTHERWISE: Record<string, { why: string; found: string[] }> = {
  'maven/scalibr-with-parent/pom.xml': {
    why: 'the parent is not at hand, which is said',
    found: ['org.alice:alice 1.0.0', 'org.bob:bob 2.0.0', 'org.chuck:chuck 3.0.0', 'org.frank:frank '],
  },
  'maven/scalibr-multi-version/pom.xml': {
    why: 'of two entries of one name Maven takes the last',
    found: ['abc:example.com 1.1.1'],
  },
  'gradle/scalibr-missing-attribute/verification-metadata.xml': {
    why: 'half an identity is none: it is said that entries could not be read',
    found: [],
  },
};

interface Expected {
  error?: string;
  packages: { name: string; version: string }[];
  packages_by_file_name?: { name: string; version: string }[];
}
