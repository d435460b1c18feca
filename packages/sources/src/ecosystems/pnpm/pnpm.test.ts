import { describe, expect, it } from 'vitest';
import { identityOf } from './package-key.ts';
import { pnpm } from './pnpm.ts';

const parse = (content: string) =>
  pnpm.parse([{ path: 'pnpm-lock.yaml', bytes: Buffer.from(content) }], { target: 'image.tar' });

describe('pnpm', () => {
  it.each([
    ['pnpm-lock.yaml', true],
    ['app/pnpm-lock.yaml', true],
    ['app/my-pnpm-lock.yaml', false],
    ['app/node_modules/a/pnpm-lock.yaml', false],
    ['node_modules/.pnpm/pnpm-lock.yaml', false],
  ])('wants %s: %s', (path, wanted) => expect(pnpm.wants(path)).toBe(wanted));

  it.each([
    ['/a/1.0.0', 5.3, 'a', '1.0.0'],
    ['/@a/b/1.0.0_c@2.0.0+d@3.0.0', 5.4, '@a/b', '1.0.0'],
    ['registry.example/@a/b/1.0.0', 5.3, '@a/b', '1.0.0'],
    ['/@a/b@1.0.0(c@2.0.0)(d@3.0.0)', 6, '@a/b', '1.0.0'],
    ['registry.example/@a/b@1.0.0', 6, '@a/b', '1.0.0'],
    ['@a/b@1.0.0', 9, '@a/b', '1.0.0'],
    ['a@1.0.0(@b/c@2.0.0)', 9, 'a', '1.0.0'],
    ['a@file:b', 9, 'a', ''],
    ['a@https://code.example/a@b/archive.tgz', 9, 'a', ''],
  ])('takes %s of version %d for %s %s', (key, lockfileVersion, name, version) => {
    expect(identityOf(key, lockfileVersion)).toEqual({ name, version });
  });

  it.each([
    ['a', 5],
    ['/a/b', 5],
    ['', 5],
    ['/1.0.0', 5],
    ['a', 9],
    ['@a/b', 9],
    ['@', 6],
    ['@host.example/a/b', 6],
    ['file:../a', 6],
  ])('takes %j of version %d for no package', (key, version) => {
    expect(identityOf(key, version)).toBeUndefined();
  });

  it('follows aliases and peers to tell what is of development only', () => {
    const lock = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: 1, version: 1.0.0}
      old:
        specifier: npm:b@1
        version: b@1.0.0
    devDependencies:
      c:
        specifier: '1'
        version: 1.0.0(b@1.0.0)
packages:
  b@1.0.0:
    resolution: {integrity: x}
  c@1.0.0:
    resolution: {integrity: x}
  d@1.0.0:
    resolution: {integrity: x}
snapshots:
  b@1.0.0: {}
  c@1.0.0(b@1.0.0):
    dependencies:
      b: 1.0.0
      d: 1.0.0
  d@1.0.0: {}
`;
    const { components, unknowns } = parse(lock);
    expect(components.map(({ name, development }) => [name, development])).toEqual([
      ['b', false],
      ['c', true],
      ['d', true],
    ]);
    expect(unknowns).toEqual([]);
  });

  it.each([
    ['packages: nothing\nlockfileVersion: 9'],
    ['packages:\n  a@1.0.0: text\nlockfileVersion: 9'],
    ['packages:\n  a@1.0.0:\n'],
    ['lockfileVersion: 9\npackages:\n  a@1.0.0: *b\n'],
    ['lockfileVersion: 9\n<<<<<<< HEAD\npackages:\n'],
  ])('says that packages may be missing in %j', (text) => {
    expect(parse(text)).toMatchObject({ components: [], unknowns: [{ code: 'package-incomplete' }] });
  });
});
