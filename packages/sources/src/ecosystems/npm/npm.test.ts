import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { npm } from './npm.ts';

const parse = (path: string, content: unknown) =>
  npm.parse([{ path, bytes: Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content)) }], {
    target: 'image.tar',
  });

describe('npm', () => {
  it.each([
    ['app/node_modules/ms/package.json', true],
    ['app/node_modules/@babel/core/package.json', true],
    ['node_modules/.pnpm/ms@2.0.0/node_modules/ms/package.json', true],
    ['app/node_modules/ms/test/package.json', false],
    ['app/package.json', true],
    ['package.json', true],
    ['app/mypackage.json', false],
    ['app/package-lock.json', true],
    ['app/npm-shrinkwrap.json', true],
    ['app/node_modules/ms/package-lock.json', false],
    ['app/node_modules/.package-lock.json', false],
  ])('wants %s: %s', (path, wanted) => {
    expect(npm.wants(path)).toBe(wanted);
  });

  it('lists a package called __proto__ and pollutes nothing', () => {
    const lock = '{"packages":{"node_modules/__proto__":{"version":"1.0.0"}},"__proto__":{"polluted":true}}';
    const { components } = parse('package-lock.json', Buffer.from(lock));
    expect(components.map(({ name }) => name)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['asks for packages that nothing locks', '{"dependencies":{"a":"1"}}', [], ['requirement-open']],
    ['is beside a lock file', '{"dependencies":{"a":"1"}}', ['app/x/yarn.lock'], []],
    ['is below a lock file', '{"dependencies":{"a":"1"}}', ['pnpm-lock.yaml'], []],
    ['asks for nothing', '{"devDependencies":{"a":"1"}}', [], []],
    ['is no JSON', '{', [], ['package-file-unreadable']],
  ])('says of a package.json what is not known where it %s', (_, text, present: string[], codes: string[]) => {
    const tree = { resolve: (path: string) => path, isFile: (path: string) => present.includes(path) };
    const files = [{ path: 'app/x/package.json', bytes: Buffer.from(text) }];
    const context = { target: 'image.tar', tree };
    expect(npm.parse(files, context).unknowns.map(({ code }) => code)).toEqual(codes);
    const installed = { path: 'app/node_modules/a/package.json', bytes: Buffer.from('{"name":"a","version":"1"}') };
    expect(npm.parse([...files, installed], context).unknowns).toEqual([]);
    expect(npm.parse(files, { ...context, target: 'repository:.' }).unknowns).toEqual([]);
    expect(npm.parse([{ ...files[0]!, path: 'usr/share/x/package.json' }], context).unknowns).toEqual([]);
  });

  it('calls a package development only where every occurrence is', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', dev: true },
      'node_modules/b/node_modules/a': { version: '1.0.0' },
      'node_modules/c': { version: '1.0.0', dev: true },
    };
    const { components } = parse('package-lock.json', { packages });
    expect(components.map(({ name, development }) => [name, development])).toEqual([
      ['a', false],
      ['c', true],
    ]);
  });

  it.each([[{ packages: { 'node_modules/a': 1 } }], [{ dependencies: 'none' }], [{ dependencies: { a: null } }]])(
    'says that packages may be missing where entries have a wrong form (%#)',
    (lock) => {
      expect(parse('package-lock.json', lock).unknowns).toMatchObject([{ code: 'package-incomplete' }]);
    },
  );

  it('follows dependencies only as deep as npm makes them', () => {
    const open = '"dependencies":{"a":{"version":"1.0.0",'.repeat(1000);
    const lock = Buffer.from(`{${open}"x":1${'}}'.repeat(1000)}}`);
    const { components, unknowns } = parse('package-lock.json', lock);
    expect(components).toHaveLength(1);
    expect(unknowns).toHaveLength(1);
  });

  const installed = '../shared/inventories/lockfiles/package-json';
  it.skipIf(!existsSync(installed))('reads recorded package.json files (skipped without ../shared/inventories)', () => {
    const { files } = JSON.parse(readFileSync(`${installed}/expected.json`, 'utf8')) as {
      files: Record<string, Expected>;
    };
    for (const [name, { packages = [] }] of Object.entries(files)) {
      // The package itself comes first; what it asks for is no package that is installed.
      const { components } = parse('node_modules/a/package.json', readFileSync(`${installed}/${name}`));
      expect(components, name).toMatchObject([{ name: packages[0]?.name, version: packages[0]?.version }]);
    }
  });
});

interface Expected {
  error?: string;
  packages?: { name: string; version: string }[];
}
