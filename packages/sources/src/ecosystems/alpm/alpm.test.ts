import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { alpm } from './alpm.ts';

const folder = '../shared/inventories/os-packages/other';
const path = 'var/lib/pacman/local/a-1-1/desc';
const parse = (text: string): Inventory => alpm.parse([{ path, bytes: Buffer.from(text) }], { target: 'image.tar' });

describe('alpm', () => {
  it('asks for descriptions and lists of files, and for nothing else of a package', () => {
    const names = ['desc', 'files', 'mtree', 'install'].filter((name) =>
      alpm.wants(`var/lib/pacman/local/a-1/${name}`),
    );
    expect(names).toEqual(['desc', 'files']);
  });

  it('takes a description that was cut off after name and version', () => {
    expect(parse('%NAME%\na\n\n%VERSION%\n2:1.0-1\n\n%DEPE')).toMatchObject({
      components: [{ name: 'a', version: '2:1.0-1', source: { name: 'a', version: '2:1.0-1' } }],
      unknowns: [{ code: 'package-database-damaged', place: { line: 7 } }],
    });
  });

  it.each([
    ['no version', '%NAME%\na\n'],
    ['an empty name', '%NAME%\n\n%VERSION%\n1-1\n'],
    ['nothing', ''],
    ['a page of HTML', '<html>\n</html>\n'],
  ])('says of a description with %s that it is incomplete', (_, text) => {
    expect(parse(text)).toMatchObject({
      components: [],
      unknowns: [{ code: 'package-incomplete', place: { source: 'image.tar', path: `/${path}` } }],
    });
  });

  it('answers any lines with a package or an unknown', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('%NAME%', '%VERSION%', '%LICENSE%', '', 'a', '1:1-1'));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { components, unknowns } = parse(lines.join('\n'));
        expect(components.length + unknowns.length).toBeGreaterThan(0);
      }),
    );
  });

  it.skipIf(!existsSync(folder))('reads every recorded description (skipped without ../shared/inventories)', () => {
    const { files } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      files: Record<string, Expected>;
    };
    const cases = Object.entries(files).filter(([name]) => name.startsWith('pacman/'));
    expect(cases.length).toBeGreaterThan(0);
    for (const [name, { packages }] of cases) {
      const { components } = parse(readFileSync(`${folder}/${name}`, 'utf8'));
      expect(components, name).toMatchObject(packages.map((item) => ({ name: item.name, version: item.version })));
    }
  });
});

interface Expected {
  packages: { name: string; version: string }[];
}
