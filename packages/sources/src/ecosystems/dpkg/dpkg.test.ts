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

  it.each([
    ['Maintainer: Docker <support@docker.com>', 'Docker'],
    ['Maintainer: cudatools <cudatools@nvidia.com>', 'NVIDIA'],
    ['Maintainer: Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>', undefined],
    ['Maintainer: Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>', undefined],
    ['Maintainer: Somebody <somebody@example.org>', undefined],
    ['Origin: Percona', 'Percona'],
    ['Origin: Debian', undefined],
    ['Version: 16.1-1.pgdg120+1', 'PostgreSQL Global Development Group'],
    ['Version: 20.9.0-1nodesource1', 'NodeSource'],
    ['Version: 8.2.13-1+ubuntu22.04.1+deb.sury.org+1', 'deb.sury.org'],
  ])('tells by "%s" that %s built a package', (field, vendor) => {
    const version = field.startsWith('Version') ? '' : 'Version: 1\n';
    const text = `Package: a\nStatus: install ok installed\n${version}${field}\n`;
    expect(parse('var/lib/dpkg/status', text).components[0]?.vendor).toBe(vendor);
  });

  it.skipIf(!existsSync(folder))('takes no package of Debian for a third party (skipped without ../shared)', () => {
    for (const release of ['debian-11', 'debian-12', 'debian-13']) {
      const { components } = parse('var/lib/dpkg/status', readFileSync(`${folder}/${release}/var/lib/dpkg/status`));
      expect(components.filter(({ vendor }) => vendor !== undefined)).toEqual([]);
    }
  });

  it('names the line of a package without a version and reads on', () => {
    const text = 'Package: a\nStatus: install ok installed\n\nPackage: b\nStatus: install ok installed\nVersion: 1\n';
    const { components, unknowns } = parse('var/lib/dpkg/status', text);
    expect(components.map(({ name }) => name)).toEqual(['b']);
    expect(unknowns).toMatchObject([{ code: 'package-incomplete', place: { path: '/var/lib/dpkg/status', line: 1 } }]);
  });

  it('tells a status file that ends inside a line, and takes files of status.d as packages left them', () => {
    const text = 'Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nSta';
    expect(parse('var/lib/dpkg/status', text).unknowns).toMatchObject([
      { code: 'package-database-damaged', message: expect.stringContaining('no fields') },
      { code: 'package-database-damaged', message: expect.stringContaining('ends inside a line') },
    ]);
    expect(parse('var/lib/dpkg/status.d/a', 'Package: a\nVersion: 1').unknowns).toEqual([]);
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
