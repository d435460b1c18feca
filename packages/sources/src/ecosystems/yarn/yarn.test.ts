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
});
