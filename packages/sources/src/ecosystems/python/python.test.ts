import { existsSync, readFileSync } from 'node:fs';
import type { Component } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileTree, Inventory, PackageFile } from '../ecosystem.ts';
import { readArchiveMetadata } from './archive-metadata.ts';
import { parseMetadata } from './metadata.ts';
import { ownedPaths, recordedPaths } from './owned-paths.ts';
import { python } from './python.ts';
import { normalizeName } from './python-component.ts';

const parse = (path: string, content: string | Buffer): Inventory =>
  python.parse([{ path, bytes: Buffer.from(content as string) }], { target: 'image.tar' });
const namesOf = ({ components }: Inventory): string[] => components.map(({ name, version }) => `${name}@${version}`);
const everything: FileTree = { resolve: (path) => path, isFile: () => true };

describe('python', () => {
  it.each([
    ['usr/lib/python3/dist-packages/six-1.16.0.egg-info', true],
    ['usr/lib/python3/dist-packages/a.egg-info/PKG-INFO', true],
    ['usr/lib/python3/dist-packages/a.egg-info/top_level.txt', true],
    ['opt/site-packages/a-1.dist-info/METADATA', true],
    ['opt/site-packages/a-1.dist-info/RECORD', true],
    ['opt/site-packages/a-1.dist-info/entry_points.txt', false],
    ['opt/site-packages/a/METADATA', false],
    ['opt/site-packages/a/RECORD', false],
    ['opt/site-packages/a/requirements.txt', false],
    ['app/requirements.txt', true],
    ['app/requirements-dev.txt', true],
    ['app/requirements/base.txt', true],
    ['app/notes.txt', false],
    ['app/poetry.lock', true],
    ['app/pylock.dev.toml', true],
    ['app/pylock.a.b.toml', false],
    ['app/pyproject.toml', true],
    ['app/constraints.txt', true],
    ['app/test-requirements.txt', true],
    ['site-packages/a/pyproject.toml', false],
  ])('wants %s: %s', (path, wanted) => expect(python.wants(path)).toBe(wanted));

  it.each([
    ['Backports.SSL_match--Hostname', 'backports-ssl-match-hostname'],
    ['Flask', 'flask'],
    ['zope.interface', 'zope-interface'],
  ])('looks up %s as %s', (name, normalized) => {
    expect(normalizeName(name)).toBe(normalized);
    const { components } = parse('a-1.dist-info/METADATA', `Name: ${name}\nVersion: 1\n`);
    expect(components).toMatchObject([{ name, purl: `pkg:pypi/${normalized}@1`, ecosystem: 'PyPI' }]);
  });

  it('says where a requirement is that is not pinned, and goes on', () => {
    const text =
      'flask==2.0\n\n# comment\nrequests>=2 \\\n  ,<3\n-r other.txt\ngit+https://git.example/a\n-c limits.txt\nsix==1.*';
    const inventory = parse('app/requirements.txt', text);
    expect(namesOf(inventory)).toEqual(['flask@2.0']);
    expect(inventory.unknowns.map(({ place }) => place.line)).toEqual([4, 6, 7, 9]);
  });

  it('takes what pip-compile and uv note for what needs what', () => {
    const lines = [
      ...['blinker==1.9', '    # via flask', 'click==8.1', '    # via', '    #   flask', '    #   uvicorn'],
      ...['flask==3.0', '    # via -r requirements.in', 'uvicorn==0.1  # via my-project, flask', 'six==1.16'],
    ];
    const { components } = parse('requirements.txt', lines.join('\n'));
    expect(components.map(({ name, relationship, dependsOn }) => [name, relationship, dependsOn])).toEqual([
      ['blinker', 'indirect', undefined],
      ['click', 'indirect', undefined],
      ['flask', 'direct', ['pkg:pypi/blinker@1.9', 'pkg:pypi/click@8.1', 'pkg:pypi/uvicorn@0.1']],
      ['uvicorn', 'direct', ['pkg:pypi/click@8.1']],
      ['six', undefined, undefined],
    ]);
  });

  it('calls requirements of development by the name of their file', () => {
    const isOfDevelopment = (path: string): boolean => parse(path, 'six==1.16').components[0]!.development;
    const names = ['requirements.txt', 'requirements-dev.txt', 'requirements/test.txt', 'dev-requirements.txt'];
    expect(names.map((name) => isOfDevelopment(`app/${name}`))).toEqual([false, true, true, true]);
    expect(isOfDevelopment('app/requirements-devices.txt')).toBe(false);
  });

  it('reads what a pyproject.toml pins where nothing is locked, and says what it leaves open', () => {
    const text = '[project]\nname = "app"\ndependencies = [\n  "six==1.16",\n  "flask>=2",\n]\n';
    const alone = parse('app/pyproject.toml', text);
    expect(namesOf(alone)).toEqual(['six@1.16']);
    expect(alone.unknowns.map(({ code, place }) => [code, place.line])).toEqual([['requirement-open', 5]]);
    const files = ['app/pyproject.toml', 'uv.lock'].map((path, index) => ({
      path,
      bytes: Buffer.from(index === 0 ? text : 'version = 1\n'),
    }));
    expect(python.parse(files, { target: 'image.tar' })).toEqual({ components: [], unknowns: [] });
    expect(parse('pyproject.toml', '[tool.black]\nline-length = 100\n').unknowns).toEqual([]);
  });

  it('tells by pyproject.toml what an older poetry.lock has for development', () => {
    const project =
      '[tool.poetry.dependencies]\npython = "^3.11"\na = "1"\n[tool.poetry.group.dev.dependencies]\nb = "1"\n';
    const lock =
      '[[package]]\nname = "a"\nversion = "1"\n[[package]]\nname = "b"\nversion = "1"\n' +
      '[package.dependencies]\nC = "*"\n[[package]]\nname = "c"\nversion = "1"\n';
    const files = [
      { path: 'pyproject.toml', bytes: Buffer.from(project) },
      { path: 'poetry.lock', bytes: Buffer.from(lock) },
    ];
    const { components, unknowns } = python.parse(files, { target: 'image.tar' });
    expect(
      components.map(({ name, development, relationship, line }) => [name, development, relationship, line]),
    ).toEqual([
      ['a', false, 'direct', 1],
      ['b', true, 'direct', 4],
      ['c', true, 'indirect', 9],
    ]);
    expect(unknowns).toEqual([]);
  });

  it('takes an included file that is read itself for known', () => {
    const files = ['app/requirements.txt', 'app/requirements-base.txt'].map((path) => ({
      path,
      bytes: Buffer.from(path.includes('base') ? 'six==1.16' : '-r ./requirements-base.txt\n'),
    }));
    const { components, unknowns } = python.parse(files, { target: 'image.tar' });
    expect([components.length, unknowns]).toEqual([1, []]);
  });

  it('leaves nothing open about requirements where distributions are installed: they are what there is', () => {
    const files = [
      { path: 'app/requirements.txt', bytes: Buffer.from('flask>=2\nsix==1.16\n-r more.txt\n') },
      { path: 'site-packages/flask-2.3.dist-info/METADATA', bytes: Buffer.from('Name: flask\nVersion: 2.3\n') },
    ];
    const inventory = python.parse(files, { target: 'image.tar' });
    expect(namesOf(inventory)).toEqual(['flask@2.3', 'six@1.16']);
    expect(inventory.unknowns).toEqual([]);
  });

  it.each(['-e .', '.', '.[dev]', '--editable=.', './'])('takes %s for the project itself', (line) => {
    expect(parse('requirements.txt', line)).toEqual({ components: [], unknowns: [] });
  });

  it('bounds what it says of a file of a million open requirements', () => {
    const { unknowns } = parse('requirements.txt', 'a\n'.repeat(1_000_000));
    expect(unknowns).toHaveLength(21);
    expect(unknowns.at(-1)?.message).toBe('999980 more requirements are not pinned');
  });

  it('calls what only development groups of uv reach of development', () => {
    const lock = `
[[package]]
name = "app"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "a" }]
[package.dev-dependencies]
dev = [{ name = "b", version = "1" }]
[[package]]
name = "a"
version = "1"
dependencies = [{ name = "shared" }]
[[package]]
name = "b"
version = "1"
dependencies = [{ name = "shared" }, { name = "b" }, { name = "c" }]
[[package]]
name = "b"
version = "2"
[[package]]
name = "c"
version = "1"
[[package]]
name = "shared"
version = "1"
`;
    const development = parse('uv.lock', lock).components.filter((item) => item.development);
    expect(development.map(({ name, version }) => `${name}@${version}`)).toEqual(['b@1', 'b@2', 'c@1']);
  });

  it.each([
    ['poetry.lock', 'package = 1'],
    ['uv.lock', 'package = [1]'],
    ['pdm.lock', '[[package]]\nversion = "1"'],
    ['pylock.toml', 'packages = [[]]'],
    ['Pipfile.lock', '{"default":{"a":1}}'],
  ])('says that packages may be missing where %s has a wrong form', (path, content) => {
    expect(parse(path, content)).toMatchObject({ components: [], unknowns: [{ code: 'package-incomplete' }] });
  });

  it('lists a package called __proto__ nowhere, and pollutes nothing', () => {
    const { components } = parse('Pipfile.lock', '{"default":{"__proto__":{"version":"==1"}}}');
    parse('poetry.lock', '[__proto__]\npolluted = true\n[[package]]\n__proto__ = { polluted = true }\n');
    expect(components).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('ownership of installed distributions', () => {
  it('never gives a path to two distributions, and gives each its own', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd.py');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `site/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(path, { maxLength: 8 }), { maxLength: 4 }), (lists) => {
        const taken = new Set<string>();
        const disjoint = lists.map((paths) => paths.filter((item) => !taken.has(item) && taken.add(item)));
        const owned = ownedPaths(
          disjoint.map((paths) => ({ folder: 'site', paths })),
          everything,
        );
        for (const [index, paths] of disjoint.entries()) {
          for (const item of paths) expect(ownersOf(`/${item}`, owned)).toEqual([index]);
        }
      }),
    );
  });

  it('keeps a hundred thousand paths of one package as one', () => {
    const paths = Array.from({ length: 100_000 }, (_, index) => `site/big/part${index % 100}/module${index}.py`);
    expect(ownedPaths([{ folder: 'site', paths }], everything)).toEqual([['/site/big/']]);
  });

  it.each(['', ',', ',,', '"', '../../..,,', '/,,', '..,,'])('takes no path from the line %j', (line) => {
    expect(recordedPaths(line, 'site')).toEqual([]);
  });
});

/** Who owns a path by the rule of `Component.files`: the longest prefix wins. */
function ownersOf(path: string, owned: string[][]): number[] {
  const lengths = owned.map((paths) =>
    Math.max(
      -1,
      ...paths.filter((own) => own === path || (own.endsWith('/') && path.startsWith(own))).map((own) => own.length),
    ),
  );
  const longest = Math.max(...lengths);
  return lengths.flatMap((length, index) => (length === longest && length >= 0 ? [index] : []));
}

describe('metadata in archives', () => {
  it('is taken out of any bytes without an exception', () => {
    const end = Buffer.concat([Buffer.from([0x50, 0x4b, 5, 6]), Buffer.alloc(18)]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(300), (bytes, offset) => {
        end.writeUInt32LE(offset, 16);
        expect(readArchiveMetadata(Buffer.concat([bytes, end]))).toBeUndefined();
      }),
    );
  });

  it('has headers of which any text may be a part', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseMetadata(text)));
  });
});

const folder = '../shared/images/binaries/python';
interface Expected {
  packages: { name: string; version: string; licenses?: string[] }[];
  metadata_kind?: string;
}

/** Licences that say nothing of the terms: we leave them out. */
const NO_LICENCE = new Set(['UNKNOWN', 'file://LICENSE.txt']);

describe.skipIf(!existsSync(folder))('recorded metadata (skipped without ../shared/images)', () => {
  const { files } = existsSync(folder)
    ? (JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as { files: Record<string, Expected> })
    : { files: {} };

  it.each(Object.keys(files))('is read from %s', (name) => {
    const bytes = readFileSync(`${folder}/${name}`);
    const { components, unknowns } = python.parse([placed(name, bytes)], { target: 'image.tar' });
    const { packages } = files[name]!;
    expect(components.map(identify)).toEqual(packages.map(identify));
    for (const [index, { licenses = [] }] of packages.entries()) {
      const stated = licenses.filter((licence) => !NO_LICENCE.has(licence));
      if (stated.length > 0) expect(components[index]?.licences).toEqual(stated);
    }
    expect(unknowns).toHaveLength(packages.length === 0 ? 1 : 0);
  });

  const identify = ({ name, version }: Pick<Component, 'name' | 'version'>): string => `${name}@${version}`;
});

/** A recorded file where an image would have it: an archive as it is distilled, everything else as METADATA. */
function placed(name: string, bytes: Buffer): PackageFile {
  if (!/\.(?:egg|whl)$/.test(name)) return { path: 'site-packages/a-1.dist-info/METADATA', bytes };
  const path = name.endsWith('.whl') ? `usr/share/python-wheels/${name}` : `site-packages/${name}`;
  const distiller = python.distil?.({ path, size: bytes.length, bytes: bytes.subarray(0, 64) });
  return { path, bytes: distiller!.whole(bytes)!, distilled: true };
}
