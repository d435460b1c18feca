import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apk } from './apk.ts';

const folder = '../shared/inventories/os-packages/apk';
const parse = (text: string | Buffer) =>
  apk.parse([{ path: 'lib/apk/db/installed', bytes: Buffer.from(text as string) }], { target: 'image.tar' });

describe('apk', () => {
  it('takes the package itself for the source where no origin is stated', () => {
    expect(parse('P:a\nV:1-r0\n').components[0]?.source).toEqual({ name: 'a', version: '1-r0' });
  });

  it.each([['P:a\n'], ['V:1\n'], ['P:a\0b\nV:1\n'], [`P:${'x'.repeat(5004)}\nV:1\n`]])(
    'calls a package without usable name or version unknown, and reads on (%#)',
    (text) => {
      const { components, unknowns } = parse(`${text}\nP:good\nV:1\n`);
      expect(components.map(({ name }) => name)).toEqual(['good']);
      expect(unknowns).toMatchObject([{ code: 'package-incomplete', place: { line: 1 } }]);
    },
  );

  it('tells a data base that ends inside a line', () => {
    const { components, unknowns } = parse('P:a\nV:1\n\nP:b\nV:1.2');
    expect(components).toHaveLength(2);
    expect(unknowns).toMatchObject([{ code: 'package-database-damaged' }]);
  });

  it.skipIf(!existsSync(folder))('reads every recorded data base (skipped without ../shared/inventories)', () => {
    const { files } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      files: Record<string, Expected>;
    };
    for (const [name, expected] of Object.entries(files)) {
      const { components, unknowns } = parse(readFileSync(`${folder}/${name}`));
      if (expected.error !== undefined) expect(unknowns, name).not.toEqual([]);
      const facts = (expected.packages ?? []).map((item) => [
        item.name,
        item.version,
        item.arch,
        item.origin || item.name,
      ]);
      const found = components.map((item) => [item.name, item.version, item.architecture, item.source?.name]);
      expect(found.sort(), name).toEqual(facts.sort());
    }
  });
});

interface Expected {
  error?: string;
  packages?: { name: string; version: string; arch: string; origin: string }[];
}
