import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locatePlaces } from './locate-places.ts';

let folder: string;
let source: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-places-'));
  source = join(folder, 'two.yaml');
  writeFileSync(source, 'kind: A\nspec:\n  user: 0\n---\nkind: B\nspec:\n  tags:\n    - one\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('locatePlaces', () => {
  it('finds fields of several documents, in the order in which they were asked for', async () => {
    const places = [
      { source, document: 1, pointer: ['spec', 'tags', 0] },
      { source, document: 0, pointer: ['spec', 'user'] },
    ];
    expect(await locatePlaces(places)).toEqual([
      { ...places[0], line: 8, column: 7 },
      { ...places[1], line: 3, column: 3 },
    ]);
  });

  it('finds fields of what was read before in what was read, whatever the file says now', async () => {
    const path = join(folder, 'changed.yaml');
    writeFileSync(path, 'kind: A\n');
    const texts = new Map([[path, Buffer.from('kind: A\nspec:\n  ports: [{a: 1},\n    {b: 2}]\n')]]);
    const places = ['kind', 'ports'].map((key) => ({ source: path, document: 0, pointer: ['spec', key, 1, 'b'] }));
    for (const plain of [new Set<string>(), new Set([path])])
      expect(await locatePlaces(places, { texts, plain })).toEqual([
        { ...places[0], line: 2, column: 1 },
        { ...places[1], line: 4, column: 6 },
      ]);
  });

  it('leaves places alone that name no field, or whose file is gone', async () => {
    const places = [
      { source, line: 2 },
      { source: join(folder, 'gone.yaml'), line: 7, pointer: ['spec'] },
      { source: folder, pointer: ['spec'] },
    ];
    expect(await locatePlaces(places)).toEqual(places);
  });

  it('does not read more than a second of text', async () => {
    const large = join(folder, 'large.yaml');
    writeFileSync(large, `a: ${'x'.repeat(16_000_001)}\n`);
    const place = { source: large, line: 1, pointer: ['a'] };
    expect(await locatePlaces([place])).toEqual([place]);
  });
});
