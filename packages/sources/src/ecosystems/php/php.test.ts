import { describe, expect, it } from 'vitest';
import { php } from './php.ts';

const parse = (path: string, content: unknown) =>
  php.parse([{ path, bytes: Buffer.from(JSON.stringify(content)) }], { target: 'image.tar' });
const installed = 'app/vendor/composer/installed.json';

describe('php', () => {
  it.each([
    [installed, true],
    ['vendor/composer/installed.json', true],
    ['app/installed.json', true],
    ['app/uninstalled.json', false],
    ['vendor/composer/installed.php', true],
    ['app/installed.php', false],
    ['app/composer.json', true],
    ['app/vendor/a/b/composer.json', false],
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

  it('takes a list in another folder for one by what is in it', () => {
    const entry = { name: 'acme/a', version: '1.0', version_normalized: '1.0.0.0' };
    expect(parse('installed.json', { packages: [entry] }).components).toHaveLength(1);
    expect(parse('installed.json', { packages: ['other'] })).toEqual({ components: [], unknowns: [] });
  });

  it('reads installed.php where no installed.json is beside it, without the project itself', () => {
    const entry = (name: string, version: string, development: boolean): string =>
      `        '${name}' => array(\n            'pretty_version' => '${version}',\n            'aliases' => array(),\n` +
      `            'install_path' => __DIR__ . '/../${name}',\n            'dev_requirement' => ${development},\n        ),\n`;
    const provided = "        'acme/virtual' => array(\n            'dev_requirement' => false,\n        ),\n";
    const text = `<?php return array(\n    'root' => array(\n        'name' => 'acme/app',\n    ),\n    'versions' => array(\n${
      entry('acme/app', '1.0', false) + entry('acme/a', 'v2.0', false) + provided + entry('acme/b', '3.0', true)
    }    ),\n);\n`;
    const files = [{ path: 'vendor/composer/installed.php', bytes: Buffer.from(text) }];
    expect(php.parse(files, { target: 'x' }).components).toMatchObject([
      { purl: 'pkg:composer/acme/a@v2.0', development: false, files: ['/vendor/acme/a/'] },
      { purl: 'pkg:composer/acme/b@3.0', development: true },
    ]);
    const list = { path: 'vendor/composer/installed.json', bytes: Buffer.from('{"packages":[]}') };
    expect(php.parse([...files, list], { target: 'x' })).toEqual({ components: [], unknowns: [] });
    expect(parse('vendor/composer/installed.php', 'x').unknowns).toHaveLength(1);
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
