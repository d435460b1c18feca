import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { dotnet } from './dotnet.ts';

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
});
