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

const JSON_FILES = ['package-lock.json', 'bun.lock', 'Pipfile.lock', 'composer.lock', 'vendor/composer/installed.json'];
const TOML_FILES = ['poetry.lock', 'uv.lock', 'pdm.lock', 'pylock.toml'];
const LINE_FILES = ['yarn.lock', 'pnpm-lock.yaml', 'Gemfile.lock', 'requirements.txt', 'specifications/a-1.gemspec'];

function check(path: string, text: string): void {
  const ecosystem = ecosystems.find(({ wants }) => wants(path))!;
  const { components } = ecosystem.parse([{ path, bytes: Buffer.from(text) }], { target: 'test' });
  for (const { name, purl } of components) {
    expect(name).not.toBe('');
    expect(parsePurl(purl), purl).toBeDefined();
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
}

describe('lock files of any shape', () => {
  it.each(JSON_FILES)('%s is answered with packages and unknowns, and pollutes nothing', (path) => {
    fc.assert(
      fc.property(value, (document) => check(path, JSON.stringify(document))),
      { numRuns: 300 },
    );
    for (const field of ['packages', 'dependencies', 'default', 'workspaces']) {
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
      fc.property(entries, fc.constantFrom('package', 'packages'), (list, field) => {
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
    ['a.dist-info/METADATA', `Name: a\nVersion: 1\n${'Classifier: License :: OSI Approved :: X\n'.repeat(100_000)}`],
  ])('%s of a shape that is slow to match is read in time (%#)', (path, text) => {
    const started = performance.now();
    check(path, text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

/** A document as TOML; what TOML cannot say (mixed lists of tables, for one) as an empty one. */
function written(document: Record<string, unknown>): string {
  try {
    return stringify(document);
  } catch {
    return '';
  }
}
