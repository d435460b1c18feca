import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dpkg } from './dpkg.ts';

const folder = '../shared/inventories/os-packages/dpkg';
const parse = (path: string, text: string | Buffer) =>
  dpkg.parse([{ path, bytes: Buffer.from(text as string) }], { target: 'image.tar' });

describe('dpkg', () => {
  it.each([
    ['install ok installed', 1, []],
    ['hold ok installed', 1, []],
    ['install ok triggers-pending', 1, []],
    ['deinstall ok config-files', 0, []],
    ['purge ok not-installed', 0, []],
    ['install ok unpacked', 0, ['package-half-installed']],
    ['install reinstreq half-installed', 0, ['package-half-installed']],
  ])('takes a package in state "%s" for %i installed', (status, count, codes) => {
    const read = parse('var/lib/dpkg/status', `Package: a\nStatus: ${status}\nVersion: 1\n`);
    expect(read.components).toHaveLength(count);
    expect(read.unknowns.map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    ['openssl (3.0.11-1)', 'openssl', '3.0.11-1'],
    ['openssl', 'openssl', '3.0.11-1+b1'],
    ['', 'a', '3.0.11-1+b1'],
  ])('reads the source "%s" as %s %s', (field, name, version) => {
    const text = `Package: a\nStatus: install ok installed\nSource: ${field}\nVersion: 3.0.11-1+b1\n`;
    expect(parse('var/lib/dpkg/status', text).components[0]?.source).toEqual({ name, version });
  });

  it('names the line of a package without a version and reads on', () => {
    const text = 'Package: a\nStatus: install ok installed\n\nPackage: b\nStatus: install ok installed\nVersion: 1\n';
    const { components, unknowns } = parse('var/lib/dpkg/status', text);
    expect(components.map(({ name }) => name)).toEqual(['b']);
    expect(unknowns).toMatchObject([{ code: 'package-incomplete', place: { path: '/var/lib/dpkg/status', line: 1 } }]);
  });

  it.skipIf(!existsSync(folder))('reads every recorded data base (skipped without ../shared/inventories)', () => {
    const { files } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      files: Record<string, Expected>;
    };
    for (const [name, expected] of Object.entries(files)) {
      const inFolder = name.includes('status.d/') && !name.startsWith('syft-');
      const path = inFolder ? `var/lib/dpkg/status.d/${name.split('/').at(-1)}` : 'var/lib/dpkg/status';
      const { components, unknowns } = parse(path, readFileSync(`${folder}/${name}`));
      if (expected.error !== undefined) expect(unknowns, name).not.toEqual([]);
      const installed = (expected.packages ?? []).filter((item) => item.installed !== false);
      // Trivy's tables split the version; its id holds it whole.
      const facts = installed.map((item) => item.id?.replace('@', ' ') ?? `${item.name} ${item.version}`).sort();
      expect(components.map((item) => `${item.name} ${item.version}`).sort(), name).toEqual(facts);
      const sources = installed.flatMap(({ source, srcname }) => source ?? srcname ?? []).sort();
      if (sources.length > 0) expect(components.map(({ source }) => source?.name).sort(), name).toEqual(sources);
    }
  });
});

interface Expected {
  error?: string;
  packages?: { name: string; version: string; id?: string; source?: string; srcname?: string; installed?: boolean }[];
}
