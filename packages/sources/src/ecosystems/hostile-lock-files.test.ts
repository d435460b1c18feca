import { parsePurl } from '@breakwater/model/purl';
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { ecosystems } from './all.ts';

const words = [
  '__proto__ constructor name version packages package dependencies devDependencies optional-dependencies source',
  'workspaces importers snapshots default develop groups category dev-dependencies directory path marker license',
  'packages-dev dev-package-names install-path lockfileVersion resolution link resolved node_modules/a virtual .',
]
  .join(' ')
  .split(' ');
const key = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 }));
const leaf = fc.oneof(
  fc.constantFrom(1, 9, true, '1.0.0', 'a@1.0.0', '@a/b@1.0.0', 'dev', '.', '../..', 'npm:a@1', '==1.0', '__proto__'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
/** Documents of the words of lock files in any order. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 6, withCrossShrink: true }, leaf, tie('map'), fc.array(tie('value'), { maxLength: 3 })),
  map: fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => {
    const map: Record<string, unknown> = {};
    for (const [name, item] of entries) {
      Object.defineProperty(map, name, { value: item, enumerable: true, configurable: true, writable: true });
    }
    return map;
  }),
}));

const JSON_FILES = [
  ...['package-lock.json', 'package.json', 'bun.lock', 'Pipfile.lock', 'composer.lock', 'composer.json'],
  ...['vendor/composer/installed.json', 'packages.lock.json', 'project.assets.json', 'a.deps.json'],
];
const TOML_FILES = ['poetry.lock', 'uv.lock', 'pdm.lock', 'pylock.toml', 'pyproject.toml', 'Cargo.lock', 'Cargo.toml'];
const LINE_FILES = [
  ...[
    'yarn.lock',
    'pnpm-lock.yaml',
    'Gemfile.lock',
    'requirements.txt',
    'constraints.txt',
    'specifications/a-1.gemspec',
  ],
  ...['go.mod', 'go.sum', 'go.work', 'vendor/modules.txt', 'vendor/composer/installed.php', 'packages.config'],
];

/** Files that are read with another: what they say is only asked for where that one is. */
const COMPANIONS: Record<string, [path: string, text: string]> = {
  'package.json': ['yarn.lock', '# yarn lockfile v1\na@^1:\n  version "1.0.0"\n'],
  'composer.json': ['composer.lock', '{"packages":[{"name":"a/b","version":"1.0.0"}]}'],
  'Cargo.toml': ['Cargo.lock', '[[package]]\nname = "a"\nversion = "1.0.0"\n'],
  'constraints.txt': ['requirements.txt', '-c constraints.txt\na\nb>=1\n'],
  'go.work': ['a/go.mod', 'module m\nrequire a.example/a v1.0.0\n'],
  'a.deps.json': ['packages.lock.json', '{}'],
};

function check(path: string, text: string): void {
  const [companion, beside = ''] = COMPANIONS[path] ?? [];
  const wanted = companion ?? path;
  const ecosystem = ecosystems.find(({ wants }) => wants(wanted) && wants(path))!;
  const files = [{ path, bytes: Buffer.from(text) }];
  if (companion !== undefined) files.push({ path: companion, bytes: Buffer.from(beside) });
  const { components } = ecosystem.parse(files, { target: 'test' });
  const ids = new Set(components.map(({ id }) => id));
  for (const { name, purl, dependsOn = [] } of components) {
    expect(name).not.toBe('');
    expect(parsePurl(purl), purl).toBeDefined();
    for (const id of dependsOn) expect(ids, id).toContain(id);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
}

describe('lock files of any shape', () => {
  it.each(JSON_FILES)('%s is answered with packages and unknowns, and pollutes nothing', (path) => {
    fc.assert(
      fc.property(value, (document) => check(path, JSON.stringify(document))),
      { numRuns: 300 },
    );
    for (const field of ['packages', 'dependencies', 'default', 'workspaces', 'libraries', 'targets']) {
      const document = fc.tuple(value, value).map(([item, other]) => ({ lockfileVersion: 1, [field]: item, other }));
      fc.assert(
        fc.property(document, (content) => check(path, JSON.stringify(content))),
        { numRuns: 100 },
      );
    }
  });

  it.each(TOML_FILES)('%s is answered with packages and unknowns, and pollutes nothing', (path) => {
    const entries = fc.array(value, { maxLength: 4 });
    fc.assert(
      fc.property(entries, fc.constantFrom('package', 'packages', 'project', 'dependencies'), (list, field) => {
        check(path, written({ [field]: list }));
      }),
      { numRuns: 300 },
    );
  });

  it.each(LINE_FILES)('%s is answered with packages and unknowns, and pollutes nothing', (path) => {
    const part = fc.oneof(
      key,
      leaf.map(String),
      fc.constantFrom(...'  |\n|: |"|@|  - |==|(|)|GEM\n|  specs:\n|    |---\n|\\\n'.split('|')),
    );
    const text = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''));
    const opening = {
      'pnpm-lock.yaml': 'lockfileVersion: 9\n',
      'specifications/a-1.gemspec': 'Gem::Specification.new do |s|\n',
    }[path];
    fc.assert(
      fc.property(text, fc.boolean(), (content, isOpened) =>
        check(path, `${isOpened ? (opening ?? '') : ''}${content}`),
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['requirements.txt', `a${' '.repeat(500_000)}b`],
    ['requirements.txt', `a[${'['.repeat(500_000)}`],
    ['requirements.txt', 'a\\\n'.repeat(300_000)],
    ['requirements.txt', '\n'.repeat(4_000_000)],
    ['yarn.lock', `a${' '.repeat(1_000_000)}:`],
    ['Gemfile.lock', `GEM\n    ${'a('.repeat(500_000)}`],
    ['pnpm-lock.yaml', `a: ${"'".repeat(1_000_001)}`],
    ['package-lock.json', `{"dependencies":{"a":{"version":"npm:${'@'.repeat(1_000_000)}"}}}`],
    ['poetry.lock', `a = ${'['.repeat(500_000)}`],
    ['bun.lock', '['.repeat(1_000_000)],
    ['pylock.toml', `[[packages]]\nname = "a"\nmarker = "${"' in ".repeat(200_000)}"`],
    ['requirements.txt', `${'a-1-py3-none-any.whl/'.repeat(50_000)}b`],
    ['requirements.txt', `a==1${' '.repeat(500_000)}# via ${'a, '.repeat(300_000)}`],
    ['requirements.txt', `a==1\n${`    # via${' '.repeat(4000)}\n`.repeat(2000)}`],
    ['requirements.txt', `a==1\n# via\n${`${' '.repeat(4000)}x\n`.repeat(1000)}`],
    ['requirements.txt', '-c constraints.txt\n'.repeat(200_000)],
    ['package-lock.json', manyNeeding('packages', 'node_modules/')],
    ['package-lock.json', `{"packages":{"${'node_modules/a/'.repeat(100_000)}b":{"dependencies":{"c":"1"}}}}`],
    ['package.json', JSON.stringify({ workspaces: Array(20_000).fill(`${'**/'.repeat(60)}a`) })],
    ['yarn.lock', `${'a@1:\n  version "1"\n'.repeat(1000)}b@1:\n  dependencies:\n${'    a "2"\n'.repeat(300_000)}`],
    ['composer.lock', manyNeeding('packages')],
    ['uv.lock', '[[package]]\nname = "a"\nversion = "1"\ndependencies = [{ name = "a" }]\n'.repeat(10_000)],
    ['poetry.lock', '[[package]]\nname = "a"\nversion = "1"\n[package.dependencies]\na = "1"\n'.repeat(10_000)],
    ['Gemfile.lock', `GEM\n  specs:\n${'    a (1)\n      a\n'.repeat(200_000)}`],
    ['Cargo.lock', '[[package]]\nname = "a"\nversion = "1"\ndependencies = ["a", "a 1"]\n'.repeat(10_000)],
    ['go.mod', `module m\n${'replace a => b v1\nrequire a v1\n'.repeat(100_000)}`],
    ['vendor/modules.txt', `# a v1 => ${'b '.repeat(500_000)}\n`],
    ['vendor/composer/installed.php', `\n    'versions' => array(\n${"        'a/b' => array(\n".repeat(200_000)}`],
    ['packages.lock.json', `{"dependencies":${manyNeeding('net8')}}`],
    ['a.dist-info/METADATA', `Name: a\nVersion: 1\n${'Classifier: License :: OSI Approved :: X\n'.repeat(100_000)}`],
  ])('%s of a shape that is slow to match is read in time (%#)', (path, text) => {
    const started = performance.now();
    check(path, text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

/** Ten thousand packages that each need the same hundred. */
function manyNeeding(field: string, prefix = ''): string {
  const needs = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`a/${index}`, '1']));
  const entries = Array.from({ length: 10_000 }, (_, index) => [
    `${prefix}a/${index}`,
    { name: `a/${index}`, version: '1', dependencies: needs, require: needs },
  ]);
  const list = field === 'packages' && prefix === '' ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
  return JSON.stringify({ [field]: list });
}

/** A document as TOML; what TOML cannot say (mixed lists of tables, for one) as an empty one. */
function written(document: Record<string, unknown>): string {
  try {
    return stringify(document);
  } catch {
    return '';
  }
}
