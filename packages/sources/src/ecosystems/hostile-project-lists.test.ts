import { zstdCompressSync } from 'node:zlib';
import { parsePurl } from '@breakwater/model/purl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ecosystems } from './all.ts';

function check(path: string, content: string | Buffer): void {
  const ecosystem = ecosystems.find(({ wants }) => wants(path))!;
  const { components } = ecosystem.parse([{ path, bytes: Buffer.from(content as string) }], { target: 'test' });
  for (const { name, purl } of components) {
    expect(name).not.toBe('');
    expect(parsePurl(purl), purl).toBeDefined();
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
}

const words = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...text.split('|')), fc.string({ maxLength: 6 })), { maxLength: 30 })
    .map((parts) => parts.join(''));

/** The words of each format, in any order. */
const FORMATS: [path: string, opening: string, words: string][] = [
  ['mix.lock', '%{\n', '"a"|: {:hex, |:a, |:git, |"1.0"|, "x"|}\n|%{\n|__proto__'],
  ['rebar.lock', '[', '{<<"a">>,|{pkg,|<<"1">>|}|,0}|].|{git,|"x"'],
  ['lib/a-1/ebin/a.app', '{application,', 'a|,|[|{vsn,|"1"|}|]}.|{vsn,"1"}|%\n'],
  [
    'pubspec.lock',
    'packages:\n',
    '  a:\n|    version: |"1"\n|    dependency: direct dev\n|    version:\n|- |__proto__:\n',
  ],
  ['Podfile.lock', 'PODS:\n', '  - |a (1)|:|\n|/|"|a/b (1)\n|__proto__'],
  ['environment.yml', 'dependencies:\n', '  - |a=1|pip:\n|    - |==|>=|*|\n|b 1 c|::|"|:\n'],
  ['cabal.project.freeze', 'constraints: ', 'any.|a ==1.0|,|\n|  |--|+x|foo:'],
  [
    'stack.yaml.lock',
    'packages:\n',
    '- completed:\n|    hackage: |a-1.0|@|\n|    name: a\n|    version: 1\n|  original:\n',
  ],
  [
    'Manifest.toml',
    '',
    '[[a]]\n|[[deps.a]]\n|version = "1"\n|uuid = "x"\n|manifest_format = "2"\n|[deps]\n|path = 1\n',
  ],
  ['R/library/a/DESCRIPTION', '', 'Package: a\n|Version: 1\n|License: |\n|Priority: base\n|biocViews: x\n'],
  ['snap/a/1/meta/snap.yaml', '', 'name: a\n|version: 1\n|license: [a]\n|name:\n|  x: y\n|description: |\n'],
  ['var/lib/opkg/status', '', 'Package: a\n|Version: 1\n|Status: install user installed\n|\n|License: x\n'],
  ['vcpkg/status', '', 'Package: a\n|Version: 1\n|Status: install ok installed\n|\n|Port-Version: 1\n|Feature: x\n'],
  ['var/db/pkg/a/a-1/PF', '', 'a|-|1|_p|_rc|.|-r1|\n'],
];

const JSON_FILES: [path: string, fields: string[]][] = [
  ['Package.resolved', ['pins', 'object', 'state', 'version', 'location', 'identity', 'repositoryURL', 'kind']],
  ['conan.lock', ['graph_lock', 'nodes', 'requires', 'build_requires', 'ref', 'pref', 'path', '0', '1']],
  ['renv.lock', ['Packages', 'Package', 'Version', 'Source', 'Repository', 'a']],
  ['conda-meta/a.json', ['name', 'version', 'files', 'channel', 'license', 'build', 'subdir']],
  ['etc/cos-package-info.json', ['installedPackages', 'name', 'version', 'category']],
  ['usr/share/bottlerocket/application-inventory.json', ['Content', 'Name', 'Version', 'Release', 'Epoch']],
  ['Cellar/a/1/INSTALL_RECEIPT.json', ['source', 'tap']],
];

describe('lists of projects and systems, of any shape', () => {
  it.each(FORMATS)('%s is answered with packages and unknowns, and pollutes nothing', (path, opening, text) => {
    fc.assert(
      fc.property(words(text), fc.boolean(), (content, opened) => check(path, `${opened ? opening : ''}${content}`)),
      { numRuns: 300 },
    );
  });

  it.each(JSON_FILES)('%s is answered with packages and unknowns, and pollutes nothing', (path, fields) => {
    const key = fc.constantFrom(...fields, '__proto__', 'constructor', '2');
    const leaf = fc.oneof(
      fc.constantFrom('1', '0', 'a/1', 'a', 'git@a:b/c', 'https://a/b.git', null, 1, true),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 5 }, leaf, tie('map'), fc.array(tie('value'), { maxLength: 3 })),
      map: fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => ({ entries })),
    }));
    const written = (item: unknown): string =>
      JSON.stringify(item, (_, inner) => {
        if (inner === null || typeof inner !== 'object' || !Array.isArray(inner.entries)) return inner;
        const map: Record<string, unknown> = {};
        for (const [name, child] of inner.entries as [string, unknown][]) {
          Object.defineProperty(map, name, { value: child, enumerable: true, configurable: true, writable: true });
        }
        return map;
      });
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (entries) => check(path, written({ entries }))),
      { numRuns: 300 },
    );
  });

  it.each([
    ['mix.lock', `%{\n${'"a": {:hex, :a, "'.repeat(200_000)}`],
    ['rebar.lock', `[${'{<<"a">>,{pkg,'.repeat(200_000)}`],
    ['rebar.lock', `[${'{<<"'.repeat(500_000)}`],
    ['lib/a-1/ebin/a.app', `${' '.repeat(1_000_000)}{application`],
    ['lib/a-1/ebin/a.app', '%\n'.repeat(500_000)],
    ['lib/a-1/ebin/a.app', `{application, a, ${'{vsn,'.repeat(300_000)}`],
    ['pubspec.lock', `packages:\n${'  a:\n'.repeat(300_000)}`],
    ['Podfile.lock', `PODS:\n  - ${'a ('.repeat(500_000)}`],
    ['environment.yml', `dependencies:\n  - ${'a '.repeat(500_000)}`],
    ['environment.yml', `dependencies:\n  - a${' '.repeat(1_000_000)}=`],
    ['environment.yml', `dependencies:\n  - a${' #'.repeat(100_000)}`],
    ['environment.yml', `dependencies:\n  - pip:\n    - a[${'['.repeat(1_000_000)}`],
    ['cabal.project.freeze', `constraints: ${'a '.repeat(500_000)}`],
    ['cabal.project.freeze', `constraints: ${','.repeat(2_000_000)}`],
    ['cabal.project.freeze', `constraints: a${' '.repeat(1_000_000)}`],
    ['stack.yaml.lock', `packages:\n- completed:\n    hackage: ${'a-1'.repeat(300_000)}`],
    ['stack.yaml.lock', `packages:\n${' '.repeat(1_000_000)}a`],
    ['Manifest.toml', `a = ${'['.repeat(500_000)}`],
    ['conan.lock', JSON.stringify({ version: '0.5', requires: [`${'a'.repeat(1_000_000)}/1`, '@'.repeat(1_000_000)] })],
    ['Package.resolved', JSON.stringify({ pins: [{ location: `${'a'.repeat(500_000)}@${'/'.repeat(500_000)}` }] })],
    ['snap/a/1/meta/snap.yaml', `name: ${"'".repeat(1_000_001)}`],
    ['var/db/pkg/a/a-1/PF', `${'a-1'.repeat(300_000)}!`],
    ['var/db/pkg/a/a-1/PF', `${'a-1_p'.repeat(50)}!`],
    ['var/lib/chisel/manifest.wall', zstdCompressSync(Buffer.alloc(100 * 1024 * 1024))],
    ['var/lib/flatpak/app/a/b.metainfo.xml', `${'<a>'.repeat(500_000)}`],
  ])('%s of a shape that is slow to read is read in time (%#)', (path, content) => {
    const started = performance.now();
    check(path, content);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('says of a manifest of Chisel that inflates without end that it could not be read', () => {
    const ecosystem = ecosystems.find(({ name }) => name === 'chisel')!;
    const bytes = zstdCompressSync(Buffer.alloc(100 * 1024 * 1024));
    const { components, unknowns } = ecosystem.parse([{ path: 'var/lib/chisel/manifest.wall', bytes }], {
      target: 'test',
    });
    expect(components).toEqual([]);
    expect(unknowns).toMatchObject([{ code: 'package-file-unreadable' }]);
  });

  it('reads the header of a plugin of WordPress in time, whatever its file holds', () => {
    const wordpress = ecosystems.find(({ name }) => name === 'wordpress')!;
    const path = 'wp-content/plugins/a/a.php';
    for (const text of ['*'.repeat(900_000), `Version:${' '.repeat(900_000)}`, 'Plugin Name:\n'.repeat(70_000)]) {
      const bytes = Buffer.from(text);
      const started = performance.now();
      expect(bytes.length).toBeLessThan(1024 * 1024);
      wordpress.distil!({ path, size: bytes.length, bytes: bytes.subarray(0, 64) })!.whole(bytes);
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });
});
