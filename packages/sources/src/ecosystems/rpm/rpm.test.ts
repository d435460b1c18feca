import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileTree, Inventory } from '../ecosystem.ts';
import { exampleDatabase, exampleHeader } from './example-database.ts';
import { rpm } from './rpm.ts';

const shared = '../shared/images/rpmdb';
const everything: FileTree = { resolve: (path) => path, isFile: () => true };

function parse(bytes: Uint8Array, path = 'var/lib/rpm/Packages', tree?: FileTree): Inventory {
  return rpm.parse([{ path, bytes: Buffer.from(bytes) }], { target: 'image.tar', ...(tree && { tree }) });
}

const minimal = { 1000: 'a', 1001: '1', 1002: '2' };
const one = (values: object): Inventory => parse(exampleDatabase([exampleHeader({ ...minimal, ...values })]));

describe('rpm', () => {
  it.each([
    [{}, '1-2'],
    [{ 1003: 0 }, '1-2'],
    [{ 1003: 3 }, '3:1-2'],
  ])('puts the epoch of %j before version and release: %s', (epoch, version) => {
    expect(one(epoch).components).toMatchObject([{ name: 'a', version }]);
  });

  it.each([
    ['util-linux-2.32.1-42.el8_8.src.rpm', { name: 'util-linux', version: '2.32.1-42.el8_8' }],
    ['kernel-6.1-1.nosrc.rpm', { name: 'kernel', version: '6.1-1' }],
    ['(none)', undefined],
    ['a-1.src.rpm', undefined],
  ])('reads the source package from %s, whose epoch stays open', (file, source) => {
    expect(one({ 1044: file }).components[0]?.source).toEqual(source);
  });

  it('keeps the label of the module and the vendor', () => {
    expect(one({ 1011: 'Red Hat, Inc.', 5096: 'nodejs:18:80900:rhel9' }).components).toMatchObject([
      { vendor: 'Red Hat, Inc.', modularityLabel: 'nodejs:18:80900:rhel9' },
    ]);
  });

  it.each([
    ['rhel', '9.4', 'pkg:rpm/redhat/a@1-2?distro=rhel-9.4'],
    ['opensuse-leap', '15.6', 'pkg:rpm/opensuse/a@1-2?distro=opensuse-leap-15.6'],
    ['amzn', '2023', 'pkg:rpm/amzn/a@1-2?distro=amzn-2023'],
  ])('names packages of %s %s as other tools do', (id, versionId, purl) => {
    const file = { path: 'var/lib/rpm/Packages.db', bytes: exampleDatabase([exampleHeader(minimal)]) };
    const distribution = { id, versionId, name: id };
    expect(rpm.parse([file], { target: 'image.tar', distribution }).components).toMatchObject([{ purl }]);
  });

  it('lists a package once that is in two databases of an image', () => {
    const bytes = exampleDatabase([exampleHeader(minimal)]);
    const files = ['var/lib/rpm/Packages.db', 'usr/lib/sysimage/rpm/Packages.db'].map((path) => ({ path, bytes }));
    expect(rpm.parse(files, { target: 'image.tar' }).components).toHaveLength(1);
  });

  it('owns what can be loaded, without documents and links for debuggers', () => {
    const lists = {
      1116: [0, 1, 2],
      1117: ['liba.so.1', 'README', 'cd34'],
      1118: ['/usr/lib64/', '/usr/share/doc/a/', '/usr/lib/.build-id/ab/'],
    };
    const database = exampleDatabase([exampleHeader({ ...minimal, ...lists })]);
    expect(parse(database, 'var/lib/rpm/Packages.db', everything).components[0]?.files).toEqual([
      '/usr/lib64/liba.so.1',
    ]);
  });

  it.each([
    ['more names than folders', { 1116: [0], 1117: ['a', 'b'], 1118: ['/'] }],
    ['a folder that is not there', { 1116: [7], 1117: ['a'], 1118: ['/'] }],
    ['numbers instead of names', { 1116: [0], 1117: [1], 1118: ['/'] }],
  ])('keeps a package whose list of files has %s, and says so', (_, lists) => {
    const database = exampleDatabase([exampleHeader({ ...minimal, ...lists })]);
    const { components, unknowns } = parse(database, 'var/lib/rpm/Packages.db', everything);
    expect(components).toMatchObject([{ name: 'a', files: [] }]);
    expect(unknowns).toMatchObject([{ code: 'package-database-damaged' }]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a few letters', Buffer.from('asdf\n')],
    ['zeros', Buffer.alloc(8192)],
    ['the beginning of an SQLite file', Buffer.from('SQLite format 3\0')],
    ['a header without a name', exampleDatabase([exampleHeader({ 1001: '1', 1002: '2', 1022: 'x86_64' })])],
    ['a header that states more than it has', exampleDatabase([Buffer.alloc(80, 255)])],
  ])('says of %s that it could not be read', (_, bytes) => {
    const { components, unknowns } = parse(bytes);
    expect(components).toEqual([]);
    expect(unknowns).toMatchObject([{ code: 'package-database-damaged', place: { path: '/var/lib/rpm/Packages' } }]);
  });

  it('reads the packages beside a damaged one', () => {
    const database = exampleDatabase([exampleHeader(minimal), Buffer.alloc(80, 255)]);
    const { components, unknowns } = parse(database);
    expect(components).toMatchObject([{ name: 'a' }]);
    expect(unknowns).toHaveLength(1);
  });

  it('says which lines of a container manifest are no packages', () => {
    const line = 'zlib\t1.2.13-1.cm2\t1\t1\tMicrosoft Corporation\t(none)\t1\tx86_64\t0\tzlib-1.2.13-1.cm2.src.rpm';
    const { components, unknowns } = parse(
      Buffer.from(`${line}\nzlib-1.2.13\n`),
      'var/lib/rpmmanifest/container-manifest-2',
    );
    expect(components).toMatchObject([{ name: 'zlib', version: '1.2.13-1.cm2', vendor: 'Microsoft Corporation' }]);
    expect(unknowns).toMatchObject([{ code: 'package-database-damaged', place: { line: 2 } }]);
  });

  it.skipIf(!existsSync(shared)).each([
    ['cbl-mariner-2.0', 'rpmdb.sqlite'],
    ['sle15-bci', 'Packages.db'],
    ['libuuid', 'Packages'],
    ['epoch', 'Packages'],
    ['dive', 'Packages'],
  ])('reads all of %s/%s (skipped without ../shared/images)', (folder, name) => {
    const expected = JSON.parse(readFileSync(`${shared}/${folder}/expected.json`, 'utf8')) as Expected;
    const { components, unknowns } = parse(
      readFileSync(`${shared}/${folder}/${name}`),
      `var/lib/rpm/${name}`,
      everything,
    );
    expect(unknowns).toEqual([]);
    const stated = (text: string | undefined): string | undefined => text || undefined;
    expect(
      components.map((item) => [item.name, item.version, item.architecture, ...item.licences, item.modularityLabel]),
    ).toEqual(
      expected.packages
        .filter((item) => item.name !== 'gpg-pubkey')
        .map(({ epoch, version, release, ...item }) => [
          item.name,
          `${epoch ? `${epoch}:` : ''}${version}-${release}`,
          item.arch,
          item.license,
          stated(item.modularitylabel),
        ]),
    );
    for (const { name: packageName, sourcerpm } of expected.packages) {
      const source = components.find((item) => item.name === packageName)?.source;
      expect(`${source?.name}-${source?.version}.src.rpm`).toBe(sourcerpm);
    }
    for (const [owner, files] of Object.entries(expected.installed_files ?? {})) {
      const loaded = files.filter(({ path }) => !/\/(?:\.build-id|licenses|doc|man)(?:\/|$)/.test(path));
      const owned = components.find((item) => item.name === owner)!.files;
      expect(owned).toEqual(expect.arrayContaining(loaded.map(({ path }) => path)));
      expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(owned));
    }
  });

  it.skipIf(!existsSync(shared)).each(['empty.sqlite', 'invalid'])(
    'says of bad/%s that it could not be read (skipped without ../shared/images)',
    (name) => {
      const { components, unknowns } = parse(readFileSync(`${shared}/bad/${name}`));
      expect(components).toEqual([]);
      expect(unknowns).toMatchObject([{ code: 'package-database-damaged' }]);
    },
  );

  it.skipIf(!existsSync(shared)).each([
    ['cbl-mariner-2.0/rpmdb.sqlite', 25],
    ['sle15-bci/Packages.db', 60],
    ['libuuid/Packages', 200],
    ['epoch/Packages', 200],
  ])(
    'answers %s with bytes changed or cut off, never with an exception (skipped without ../shared)',
    (path, numRuns) => {
      const whole = readFileSync(`${shared}/${path}`);
      const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255));
      fc.assert(
        fc.property(fc.array(change, { maxLength: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (changes, cut) => {
          const bytes = Buffer.from(whole.subarray(0, cut < 0.5 ? Math.floor(whole.length * cut * 2) : whole.length));
          for (const [at, value] of changes) bytes[Math.floor(at * at * at * bytes.length)] = value;
          const { components, unknowns } = parse(bytes, 'var/lib/rpm/Packages', everything);
          if (cut < 0.5 && components.length === 0) expect(unknowns).toHaveLength(1);
        }),
        { numRuns },
      );
    },
  );
});

interface Expected {
  packages: {
    name: string;
    epoch: number | null;
    version: string;
    release: string;
    arch: string;
    sourcerpm: string;
    license: string;
    modularitylabel?: string;
  }[];
  installed_files?: Record<string, { path: string }[]>;
}
