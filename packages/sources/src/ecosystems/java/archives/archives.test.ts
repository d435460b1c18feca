import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Zip, ZipDeflate, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../ecosystem.ts';
import { java } from '../java.ts';
import { EXAMPLE_ARCHIVE } from './example-archive.ts';
import { identifyArchive } from './identify-archive.ts';

const binaries = '../shared/images/binaries/java';
const hostile = '../shared/images/hostile';
const example = Buffer.from(EXAMPLE_ARCHIVE);

function distil(path: string, content: Buffer): Inventory {
  const facts = java.distil?.({ path, size: content.length, bytes: content.subarray(0, 64) })?.whole(content);
  return java.parse([{ path, bytes: facts!, distilled: true }], { target: 'test' });
}

const names = ({ components }: Inventory): string[] => [
  ...new Set(components.map(({ name, version }) => `${name} ${version}`)),
];

/** An archive whose sizes stand behind its entries, as tools write that do not know them before. */
function described(files: Zippable): Buffer {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((_, piece) => pieces.push(piece));
  for (const [name, file] of Object.entries(files)) {
    const entry = new ZipDeflate(name);
    zip.add(entry);
    entry.push(Array.isArray(file) ? (file[0] as Uint8Array) : (file as Uint8Array), true);
  }
  zip.end();
  return Buffer.concat(pieces);
}

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
    ['a/guava-29.0-jre.jar', {}, 'com.google.guava:guava 29.0-jre file-name'],
    ['a/org.eclipse.sisu.inject-0.3.5.jar', {}, 'org.eclipse.sisu:org.eclipse.sisu.inject 0.3.5 file-name'],
    ['a/x-1.2.jar', { 'Implementation-Vendor-Id': 'org.example' }, 'org.example:x 1.2 manifest'],
    [
      'a/plugin.hpi',
      { 'Group-Id': 'org.example', 'Short-Name': 'git', 'Implementation-Version': '5.0' },
      'org.example:git 5.0 manifest',
    ],
    ['a/app.jar', { 'Implementation-Version': '1.0' }, ''],
    ['a/spring-core.jar', { 'Implementation-Version': '5.3.20' }, 'org.springframework:spring-core 5.3.20 file-name'],
    ['a/spring-boot-starter-web-2.7.0.jar', {}, 'org.springframework.boot:spring-boot-starter-web 2.7.0 file-name'],
    ['a/kafka_2.13-3.1.0.jar', {}, 'org.apache.kafka:kafka_2.13 3.1.0 file-name'],
    [
      'lib/catalina.jar',
      { 'Implementation-Title': 'Apache Tomcat', 'Implementation-Version': '9.0.63' },
      'org.apache.tomcat:tomcat-catalina 9.0.63 file-name',
    ],
    [
      'lib/kotlin-stdlib.jar',
      { 'Implementation-Version': '1.4.21-release-351 (1.4.21)' },
      'org.jetbrains.kotlin:kotlin-stdlib 1.4.21 file-name',
    ],
    ['lib/x-1.0.jar', { 'Implementation-Title': 'io.example#x-core;1.0' }, 'io.example:x 1.0 manifest'],
    ['lib/y-1.jar', { 'Bundle-SymbolicName': 'org.xerial.thing.y' }, 'org.xerial.thing:y 1 manifest'],
    ['lib/z-2.jar', { 'Automatic-Module-Name': 'io.foo.z' }, 'io.foo:z 2 manifest'],
    ['home/.m2/repository/org/a/b/c/1.2/c-1.2-linux.jar', {}, 'org.a.b:c 1.2 file-name'],
    ['root/.gradle/caches/modules-2/files-2.1/org.a/c/1.2/0f/c-1.2.jar', {}, 'org.a:c 1.2 file-name'],
    ['a/app.jar', {}, ''],
  ])('identifies %s with %j as %s', (path, manifest, expected) => {
    const found = identifyArchive({ within: [], artifacts: [], manifest, faults: [] }, path);
    expect(found.map((item) => `${item.group}:${item.artifact} ${item.version} ${item.guessedFrom}`).join()).toBe(
      expected,
    );
  });

  it('takes the group of an archive from the package of its classes where nothing else tells it', () => {
    const facts = { within: [], artifacts: [], manifest: {}, faults: [], package: 'org.foo.bar.baz' };
    expect(identifyArchive(facts, 'lib/w-3.jar')).toMatchObject([{ group: 'org.foo', artifact: 'w', version: '3' }]);
  });

  it('keeps the SHA-1 of what it guesses or cannot name', () => {
    const classes = { 'org/foo/A.class': new Uint8Array(9), 'org/foo/bar/B.class': new Uint8Array(9) };
    const content = Buffer.from(zipSync(classes));
    const sha1 = createHash('sha1').update(content).digest('hex');
    expect(distil('lib/w-3.jar', content).components).toMatchObject([{ name: 'org.foo:w', sha1 }]);
    expect(distil('lib/w.jar', content).components).toMatchObject([
      { type: 'generic', name: 'w.jar', version: '', sha1 },
    ]);
    expect(distil('opt/app.jar', example).components.some((component) => component.sha1)).toBe(false);
  });

  it('takes licences, and names where no properties are, from the poms in an archive', () => {
    const pom = [
      '<project><parent><groupId>org.up</groupId><artifactId>up</artifactId><version>7</version></parent>',
      '<artifactId>a</artifactId><licenses><license><name>MIT</name></license></licenses></project>',
    ].join('\n');
    const content = Buffer.from(zipSync({ 'META-INF/maven/org.up/a/pom.xml': Buffer.from(pom) }));
    expect(distil('lib/x.jar', content).components).toMatchObject([
      { name: 'org.up:a', version: '7', licences: ['MIT'] },
    ]);
  });

  it('reads of the manifest of a signed archive only how it begins', () => {
    const digests = Array.from(
      { length: 60_000 },
      (_, index) => `Name: org/a/C${index}.class\nSHA-256-Digest: ${index}\n`,
    );
    const manifest = `Manifest-Version: 1.0\nBundle-SymbolicName: org.a.signed\nBundle-Version: 1.5\n\n${digests.join('\n')}`;
    const content = Buffer.from(zipSync({ 'META-INF/MANIFEST.MF': Buffer.from(manifest) }));
    const { components, unknowns } = distil('lib/signed.jar', content);
    expect([names({ components, unknowns }), unknowns]).toEqual([['org.a:signed 1.5'], []]);
  });

  it.each([1, 7, 100, 100_000])(
    'finds in an archive that passes in pieces of %s bytes what it finds in the whole',
    (size) => {
      const files = {
        'META-INF/MANIFEST.MF': Buffer.from('Manifest-Version: 1.0\n'),
        'META-INF/maven/g/a/pom.properties': Buffer.from('groupId=g\nartifactId=a\nversion=1\n'),
        'BOOT-INF/lib/inner.jar': [example, { level: 0 }],
        'BOOT-INF/lib/packed.jar': example,
        'org/a/B.class': Buffer.from('x'.repeat(5000)),
      } satisfies Zippable;
      for (const content of [
        Buffer.from(zipSync(files)),
        described(files),
        Buffer.concat([Buffer.from('#!/bin/sh\n'), described(files)]),
      ]) {
        const stream = java.distil!({ path: 'opt/app.jar', size: content.length, bytes: content.subarray(0, 64) })!
          .stream!();
        for (let at = 0; at < content.length; at += size) stream.write(content.subarray(at, at + size));
        const passed = java.parse([{ path: 'opt/app.jar', bytes: stream.end()!, distilled: true }], { target: 'test' });
        expect(passed).toEqual(distil('opt/app.jar', content));
        expect(passed.components.length).toBe(7);
      }
    },
  );

  it('says of an archive that passed and did not end that it is not whole', () => {
    const stream = java.distil!({ path: 'a.jar', size: example.length, bytes: example })!.stream!();
    stream.write(example.subarray(0, example.length / 2));
    const { unknowns } = java.parse([{ path: 'a.jar', bytes: stream.end()!, distilled: true }], { target: 'test' });
    expect(unknowns).toMatchObject([{ message: expect.stringContaining('its end was not found') }]);
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

/** Cases in which we say something else than the tool whose test it was, and why. */
const OTHERWISE: Record<string, { why: string; found: string[] }> = {
  'test.jar': {
    why: 'the recorded version is of a made-up look-up by SHA-1; the manifest says which bundle it is',
    found: ['org.springframework:spring-core 2.5.6.SEC03'],
  },
  'heuristic-1.0.0-SNAPSHOT.jar': {
    why: 'the recorded group is from a look-up in a repository; only the name of the file is at hand',
    found: ['heuristic:heuristic 1.0.0-SNAPSHOT'],
  },
  'com.google.src.yolo-0.1.2.jar': {
    why: 'the manifest and the name of the file agree on a bundle, which is said to be a guess',
    found: ['com.google.src:com.google.src.yolo 0.1.2'],
  },
};

interface Expected {
  error?: string;
  packages: { name: string; version: string }[];
  packages_by_file_name?: { name: string; version: string }[];
}
