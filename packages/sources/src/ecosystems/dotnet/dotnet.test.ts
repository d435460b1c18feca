import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { readAssembly } from './assembly.ts';
import { dotnet } from './dotnet.ts';
import { exampleAssembly } from './example-assembly.ts';

const binaries = '../shared/images/binaries/dotnet';

const parse = (path: string, content: string | Buffer): Inventory =>
  dotnet.parse([{ path, bytes: Buffer.from(content as string) }], { target: 'test' });

describe('dotnet', () => {
  it.each([
    ['app/web.deps.json', true],
    ['app/packages.lock.json', true],
    ['app/mypackages.config', false],
    ['packages.config', true],
    ['app/deps.json', false],
  ])('wants %s: %s', (path, wanted) => {
    expect(dotnet.wants(path)).toBe(wanted);
  });

  it('names packs of a runtime as they are published', () => {
    const libraries = { 'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.0': { type: 'runtimepack' } };
    expect(parse('a.deps.json', JSON.stringify({ libraries })).components[0]!.purl).toBe(
      'pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@8.0.0',
    );
  });

  it.each([
    ['a.deps.json', '{"libraries":{"noversion":{"type":"package"},"__proto__/1":{"type":"package"}}}', 1, 1],
    ['packages.lock.json', '{"dependencies":{"net8":{"a":5,"b":{"resolved":"1.0"}}}}', 1, 1],
    ['project.assets.json', '{"libraries":{"a":{}}}', 0, 1],
    ['packages.config', '<packages><package version="1"/></packages>', 0, 1],
    ['packages.config', '<other/>', 0, 1],
  ])('says of %s what has a wrong form: %s', (path, content, components, unknowns) => {
    const found = parse(path, content);
    expect([found.components.length, found.unknowns.length]).toEqual([components, unknowns]);
  });

  const texts = { OriginalFilename: 'A.dll', ProductVersion: '1.2.3-beta.1+0abc', FileVersion: '1.2.0.0' };

  it.each([
    ['its product version', texts, true, { name: 'A', version: '1.2.3-beta.1' }],
    ['the version of its file', { ...texts, ProductVersion: 'main' }, true, { name: 'A', version: '1.2.0.0' }],
    ['nothing of itself', {}, true, 'unnamed'],
    ['the assembly that it starts', texts, false, { name: 'A', version: '1.2.3-beta.1' }],
    ['nothing of .NET', { ...texts, OriginalFilename: 'a.exe' }, false, undefined],
  ])('reads of an assembly %s', (_, stated, isAssembly, expected) => {
    expect(readAssembly(Buffer.from(exampleAssembly(stated, isAssembly)))).toEqual(expected);
  });

  it('leaves assemblies to the .deps.json above them', () => {
    const deps = { path: 'app/a.deps.json', bytes: Buffer.from('{"libraries":{}}') };
    const library = {
      path: 'app/x/A.dll',
      bytes: Buffer.from('{"name":"A","version":"1.0"}'),
      distilled: true as const,
    };
    const other = { path: 'b/A.dll', bytes: Buffer.from('null'), distilled: true as const };
    const { components, unknowns } = dotnet.parse([library, deps, other], { target: 'test' });
    expect(components).toEqual([]);
    expect(unknowns).toMatchObject([{ code: 'package-incomplete', place: { path: '/b/A.dll' } }]);
    expect(dotnet.parse([library], { target: 'test' }).components).toMatchObject([{ guessedFrom: 'manifest' }]);
  });

  it('answers any change of an assembly without an exception', () => {
    const example = Buffer.from(exampleAssembly(texts));
    fc.assert(
      fc.property(fc.nat(example.length - 1), fc.nat(255), (at, byte) => {
        const content = Buffer.from(example);
        content[at] = byte;
        for (const cut of [content, content.subarray(0, at)]) readAssembly(cut);
      }),
      { numRuns: 500 },
    );
  });

  it.skipIf(!existsSync(binaries))('reads recorded assemblies (skipped without ../shared/images)', () => {
    const { files } = JSON.parse(readFileSync(`${binaries}/expected.json`, 'utf8')) as {
      files: Record<string, { packages: { name: string }[] }>;
    };
    for (const [name, { packages }] of Object.entries(files)) {
      const bytes = readFileSync(`${binaries}/${name}`);
      const found = dotnet.distil!({ path: name, size: bytes.length, bytes: bytes.subarray(0, 64) })?.whole(bytes);
      // The other tool lists what an assembly refers to as well, by the names of files.
      const own = packages.find((item) => item.name === 'HelloWorldApp.dll');
      expect(found?.toString(), name).toBe(own && '{"name":"HelloWorldApp","version":"1.0.0"}');
    }
  });
});
