import { describe, expect, it } from 'vitest';
import { php } from './php.ts';

const parse = (path: string, content: unknown) =>
  php.parse([{ path, bytes: Buffer.from(JSON.stringify(content)) }], { target: 'image.tar' });
const installed = 'app/vendor/composer/installed.json';

describe('php', () => {
  it.each([
    [installed, true],
    ['vendor/composer/installed.json', true],
    ['app/installed.json', false],
    ['app/composer.lock', true],
    ['app/vendor/a/b/composer.lock', false],
  ])('wants %s: %s', (path, wanted) => expect(php.wants(path)).toBe(wanted));

  it.each([
    ['../acme/a', ['/app/vendor/acme/a/']],
    ['../../lib/./a', ['/app/lib/a/']],
    ['/srv/a', ['/srv/a/']],
    ['../../../../..', []],
    [undefined, ['/app/vendor/acme/a/']],
    [null, []],
  ])('gives a package installed at %s the folders %j', (place, files) => {
    const { components } = parse(installed, { packages: [{ name: 'acme/a', version: '1', 'install-path': place }] });
    expect(components).toMatchObject([{ files }]);
  });

  it('tells what is of development', () => {
    const packages = ['acme/a', 'acme/b'].map((name) => ({ name, version: '1' }));
    const { components } = parse(installed, { packages, 'dev-package-names': ['acme/b', 7] });
    expect(components.map(({ development }) => development)).toEqual([false, true]);
    const locked = parse('composer.lock', { packages: packages.slice(0, 1), 'packages-dev': packages });
    expect(locked.components.map(({ name, development }) => [name, development])).toEqual([
      ['acme/a', false],
      ['acme/b', true],
    ]);
  });

  it.each([
    [installed, {}],
    [installed, { packages: {} }],
    [installed, [1]],
    [installed, [{ name: 'acme/a' }]],
    [installed, [{ name: '../a', version: '1' }]],
    ['composer.lock', { packages: [null] }],
    ['composer.lock', { packages: [{ name: 'php', version: '1' }] }],
    ['composer.lock', { packages: { a: 1 } }],
  ])('says that packages may be missing where %s is %j', (path, content) => {
    expect(parse(path, content)).toMatchObject({ components: [], unknowns: [{ code: 'package-incomplete' }] });
  });
});
