import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { EXAMPLE_ARCHIVE } from './example-archive.ts';
import { identifyArchive } from './identify-archive.ts';
import { java } from './java.ts';

const binaries = '../shared/images/binaries/java';
const hostile = '../shared/images/hostile';
const locks = '../shared/inventories/lockfiles';
const example = Buffer.from(EXAMPLE_ARCHIVE);

function distil(path: string, content: Buffer): Inventory {
  const facts = java.distil?.({ path, size: content.length, bytes: content.subarray(0, 64) })?.whole(content);
  return java.parse([{ path, bytes: facts!, distilled: true }], { target: 'test' });
}

const parse = (path: string, text: string | Buffer): Inventory =>
  java.parse([{ path, bytes: Buffer.from(text as string) }], { target: 'test' });

/** Names and versions, the project of a pom.xml itself left out. */
const names = ({ components }: Inventory): string[] => [
  ...new Set(
    components.filter(({ relationship }) => relationship !== 'root').map(({ name, version }) => `${name} ${version}`),
  ),
];

describe('archives of Java', () => {
  it.each([
    ['opt/app.jar', true],
    ['opt/app.WAR', true],
    ['var/jenkins/plugins/git.jpi', true],
    ['opt/app.zip', false],
    ['opt/jar', false],
  ])('takes facts from %s: %s', (path, taken) => {
    expect(java.distil!({ path, size: 100, bytes: Buffer.alloc(64) }) !== undefined).toBe(taken);
  });

  it('gives artifacts of inner archives the way to them, and to all the file that holds them', () => {
    const { components } = distil('opt/app.jar', example);
    expect(components.map(({ path, files }) => [path, files])).toEqual([
      ['/opt/app.jar', ['/opt/app.jar']],
      ['/opt/app.jar', ['/opt/app.jar']],
      ['/opt/app.jar!/BOOT-INF/lib/inner-2.0.jar', ['/opt/app.jar']],
    ]);
  });

  it('reads an archive behind a launcher script', () => {
    const launcher = Buffer.from('#!/bin/sh\nexec java -jar "$0"\n');
    expect(names(distil('app.jar', Buffer.concat([launcher, example])))).toEqual(names(distil('app.jar', example)));
  });

  it('answers any change of an archive without an exception', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: example.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const content = Buffer.from(example);
        content[at] = byte;
        for (const bytes of [content, content.subarray(0, at)]) {
          const { components, unknowns } = distil('app.jar', bytes);
          expect(components.length + unknowns.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a/guava-29.0-jre.jar', {}, 'guava:guava 29.0-jre file-name'],
    ['a/org.eclipse.sisu.inject-0.3.5.jar', {}, 'org.eclipse.sisu:org.eclipse.sisu.inject 0.3.5 file-name'],
    ['a/x-1.2.jar', { 'Implementation-Vendor-Id': 'org.example' }, 'org.example:x 1.2 manifest'],
    [
      'a/plugin.hpi',
      { 'Group-Id': 'org.example', 'Short-Name': 'git', 'Implementation-Version': '5.0' },
      'org.example:git 5.0 manifest',
    ],
    ['a/app.jar', { 'Implementation-Version': '1.0' }, ''],
    ['a/app.jar', {}, ''],
  ])('identifies %s with %j as %s', (path, manifest, expected) => {
    const found = identifyArchive({ within: [], artifacts: [], manifest, faults: [] }, path);
    expect(found.map((item) => `${item.group}:${item.artifact} ${item.version} ${item.guessedFrom}`).join()).toBe(
      expected,
    );
  });

  describe.skipIf(!existsSync(binaries))('recorded archives (skipped without ../shared/images)', () => {
    const { files = {} } = existsSync(binaries)
      ? (JSON.parse(readFileSync(`${binaries}/expected.json`, 'utf8')) as { files?: Record<string, Expected> })
      : {};

    it.each(Object.keys(files))('lists the artifacts of %s', (name) => {
      const found = distil(name, readFileSync(`${binaries}/${name}`));
      const { packages, packages_by_file_name: byName = [], error } = files[name]!;
      const wanted = new Set([...packages, ...byName].map((item) => `${item.name} ${item.version}`));
      const otherwise = OTHERWISE[name];
      expect(names(found).sort()).toEqual(otherwise?.found ?? [...wanted].sort());
      if (error !== undefined) expect(found.unknowns).not.toEqual([]);
    });
  });

  describe.skipIf(!existsSync(hostile))('hostile archives (skipped without ../shared/images)', () => {
    it('refuses names that lead out, and lists the rest', () => {
      expect(names(distil('t.jar', readFileSync(`${hostile}/traversal.jar`)))).toContain('org.example:good 1.0.0');
    });

    it('unpacks no bomb of entries that lie on each other', () => {
      const before = process.memoryUsage().rss;
      const { unknowns } = distil('t.jar', readFileSync(`${hostile}/overlap-10gib.jar`));
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
      expect(unknowns.length).toBeLessThan(30);
    });

    it('stops at its depth, and says so', () => {
      const { components, unknowns } = distil('t.jar', readFileSync(`${hostile}/nested-60.jar`));
      expect(components.map(({ name }) => name)).toContain('org.example:level1');
      expect(unknowns).toMatchObject([{ message: expect.stringContaining('deep in each other') }]);
    });
  });
});

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
    const known = new Set([...readdirSync(binaries), ...readdirSync(locks, { recursive: true }).map(String)]);
    for (const name of Object.keys(OTHERWISE)) expect(known, name).toContain(name);
  });
});

/** The recorded list of sbt leaves out what is of tests only. */
const shipped = (path: string, { components }: Inventory): Inventory['components'] =>
  path.startsWith('sbt/') ? components.filter(({ development }) => !development) : components;

/** Cases in which we say something else than the tool whose test it was, and why. */
const OTHERWISE: Record<string, { why: string; found: string[] }> = {
  'test.jar': {
    why: 'the recorded name is from a look-up by SHA-1; the manifest names the bundle',
    found: ['org.springframework:org.springframework.core 2.5.6.SEC03'],
  },
  'heuristic-1.0.0-SNAPSHOT.jar': {
    why: 'the recorded group is from a look-up in a repository; only the name of the file is at hand',
    found: ['heuristic:heuristic 1.0.0-SNAPSHOT'],
  },
  'com.google.src.yolo-0.1.2.jar': {
    why: 'the manifest and the name of the file agree on a bundle, which is said to be a guess',
    found: ['com.google.src:com.google.src.yolo 0.1.2'],
  },
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
