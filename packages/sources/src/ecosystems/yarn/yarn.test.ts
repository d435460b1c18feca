import { describe, expect, it } from 'vitest';
import { yarn } from './yarn.ts';

const parse = (content: string) =>
  yarn.parse([{ path: 'yarn.lock', bytes: Buffer.from(content) }], { target: 'image.tar' });
const found = (content: string): string[] => parse(content).components.map(({ name, version }) => `${name}@${version}`);

describe('yarn', () => {
  it.each([
    ['yarn.lock', true],
    ['app/yarn.lock', true],
    ['app/.yarn.lock', false],
    ['app/node_modules/a/yarn.lock', false],
    ['node_modules/a/yarn.lock', false],
    ['app/package.json', true],
    ['node_modules/a/package.json', false],
  ])('wants %s: %s', (path, wanted) => expect(yarn.wants(path)).toBe(wanted));

  it.each([
    ['a@^1.0.0', 'a'],
    ['a@^1.0.0, a@~1.2.0', 'a'],
    ['"@b/c@>=1 <2", "@b/c@^1"', '@b/c'],
    ['"x@npm:@b/c@^1"', '@b/c'],
    ['x@npm:c@^1', 'c'],
    ['"x@npm:c"', 'x'],
    ['a', 'a'],
  ])('takes the entry %s for %s', (header, name) => {
    expect(found(`${header}:\n  version "1.0.0"\n`)).toEqual([`${name}@1.0.0`]);
  });

  it('lists a version once, however many entries have it', () => {
    expect(found('a@^1:\n  version "1.0.0"\na@1.0.0:\r\n  version "1.0.0"\r\n')).toEqual(['a@1.0.0']);
  });

  it.each([
    ['a@^1:\n\nb@^1:\n  version "1"\n', 1],
    ['b@^1:\n  version "1"\na@^1:\n  resolved "x"\n', 3],
    ['b@^1:\n  version "1"\n<<<<<<< HEAD\n', 3],
    ['__metadata:\n  version: 8\n"b@npm:1":\n  version: 1\n  resolution: "b@npm:1"\n=======\n', 6],
  ])('names the line where packages may be missing (%#)', (text, line) => {
    const { components, unknowns } = parse(text);
    expect(components.map(({ name }) => name)).toEqual(['b']);
    expect(unknowns).toMatchObject([{ code: 'package-incomplete', place: { path: '/yarn.lock', line } }]);
  });

  it('reads a hundred thousand entries, and headers of a megabyte, in linear time', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `a${index}@1:\n  version "1.0.0"\n`).join('');
    expect(found(many)).toHaveLength(100_000);
    expect(parse(`${'a, '.repeat(300_000)}\n`).unknowns).toHaveLength(1);
    expect(parse(`"${'@'.repeat(1_000_000)}":\n  version "1"\n`).unknowns).toHaveLength(1);
  });

  const list = (files: Record<string, string>): string[] =>
    yarn
      .parse(
        Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
        { target: 'image.tar' },
      )
      .components.map((item) => {
        const needs = (item.dependsOn ?? []).map((id) => id.slice(id.indexOf('/') + 1)).join(' ');
        const use = item.development ? 'dev' : 'run';
        return `${item.name}@${item.version} ${use} ${item.relationship} ${item.line}: ${needs}`;
      });

  it('is told by package.json files what is of development, named by the project and its workspaces', () => {
    const classic = [
      ...['a@^1.0.0:', '  version "1.0.0"', '  dependencies:', '    b "^1.0.0"', 'b@^1.0.0, b@^1.1.0:'],
      ...['  version "1.1.0"', 'c@~1:', '  version "1.0.0"', '  optionalDependencies:', '    "d" "*"', 'd@^1:'],
      ...['  version "1.0.0"', 'e@^1:', '  version "1.0.0"'],
    ].join('\n');
    const root = {
      name: 'app',
      version: '0.1.0',
      workspaces: { packages: ['packages/*'] },
      dependencies: { a: '^1.0.0', one: '*' },
      devDependencies: { c: '~1' },
    };
    const files = {
      'x/yarn.lock': classic,
      'x/package.json': JSON.stringify(root),
      'x/packages/one/package.json': '{"name":"one","version":"0.2.0","devDependencies":{"e":"^1"}}',
      'x/examples/two/package.json': '{"name":"two","dependencies":{"e":"^1"}}',
    };
    expect(list(files)).toEqual([
      'app@0.1.0 run root undefined: a@1.0.0 c@1.0.0',
      'one@0.2.0 run workspace undefined: e@1.0.0',
      'a@1.0.0 run direct 1: b@1.1.0',
      'b@1.1.0 run indirect 5: ',
      'c@1.0.0 dev direct 7: d@1.0.0',
      'd@1.0.0 dev indirect 11: ',
      'e@1.0.0 dev direct 13: ',
    ]);
    expect(list({ 'yarn.lock': 'a@^1:\n  version "1.0.0"\n' })).toEqual(['a@1.0.0 run undefined 1: ']);
  });

  it('tells by workspaces of yarn 2 and later what is of development, patches too', () => {
    const entry = (key: string, resolution: string, version: string, rest = ''): string =>
      `"${key}":\n  version: ${version}\n  resolution: "${resolution}"\n${rest}`;
    const needs = (text: string): string => `  dependencies:\n    ${text.replaceAll(';', '\n    ')}\n`;
    const berry = [
      '__metadata:\n  version: 8\n',
      entry('app@workspace:.', 'app@workspace:.', '0.0.0-use.local', needs('a: "npm:^1";"b": "npm:^1"')),
      entry('a@npm:^1', 'a@npm:1.0.0', '1.0.0'),
      entry('b@npm:^1', 'b@npm:1.0.0', '1.0.0', needs('c: "npm:^1"')),
      entry('c@npm:^1', 'c@npm:1.0.0', '1.0.0'),
      entry('c@patch:c@npm%3A^1#x', 'c@patch:c@npm%3A1.0.0#x', '1.0.0'),
    ].join('\n');
    const manifest = '{"name":"app","version":"2.0.0","dependencies":{"a":"^1"},"devDependencies":{"b":"^1"}}';
    expect(list({ 'yarn.lock': berry, 'package.json': manifest })).toEqual([
      'app@2.0.0 run root 4: a@1.0.0 b@1.0.0',
      'a@1.0.0 run direct 11: ',
      'b@1.0.0 dev direct 15: c@1.0.0',
      'c@1.0.0 dev indirect 21: ',
    ]);
    expect(list({ 'yarn.lock': berry }).map((line) => line.split(' ', 3).join(' '))).toEqual([
      'a@1.0.0 run direct',
      'b@1.0.0 run direct',
      'c@1.0.0 run indirect',
    ]);
  });
});
