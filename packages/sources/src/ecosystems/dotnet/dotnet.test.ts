import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { dotnet } from './dotnet.ts';

const locks = '../shared/inventories/lockfiles/nuget';

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

  describe.skipIf(!existsSync(locks))('recorded (skipped without ../shared/inventories)', () => {
    const { files = {}, negative = {} } = existsSync(locks)
      ? (JSON.parse(readFileSync(`${locks}/expected.json`, 'utf8')) as Record<string, Record<string, Expected>>)
      : {};

    it.each([...Object.entries(files), ...Object.entries(negative)])('lists the packages of %s', (path, expected) => {
      const bytes = readFileSync(`${locks}/${path}`);
      const found = parse(path.slice(path.lastIndexOf('/') + 1), bytes);
      const wanted = new Set((expected.packages ?? []).map((item) => `${item.name} ${item.version}`));
      for (const [, project] of bytes.toString('utf8').matchAll(/"([^"]+)": \{\s*"type": "project"/g))
        wanted.delete(project!.replace('/', ' '));
      for (const item of ALSO[path] ?? []) wanted.add(item);
      const listed = found.components.filter(({ development }) => !development);
      expect([...new Set(listed.map(({ name, version }) => `${name} ${version}`))].sort()).toEqual([...wanted].sort());
      if (expected.error !== undefined) expect(found.unknowns).not.toEqual([]);
    });
  });
});

/** Names whose version a variable says: they are listed without one. */
const ALSO: Record<string, string[]> = {
  'trivy-packages/Directory.Packages.props': ['Package3 '],
  'trivy-variables_and_empty/Directory.Packages.props': ['PackageOne ', 'package '],
};

interface Expected {
  error?: string;
  packages?: { name: string; version: string }[];
}
