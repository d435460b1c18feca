import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Component } from '@breakwater/model';
import { afterAll, describe, expect, it } from 'vitest';
import { exampleDatabase, exampleHeader } from './example-database.ts';
import { rpm } from './rpm.ts';

const shared = '../shared/inventories/os-packages';
const folder = mkdtempSync(join(tmpdir(), 'rpm-lists-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lists of rpm packages among those that Trivy recorded. */
const TRIVY = [
  'amazon-2',
  'centos-6',
  'fedora-35',
  'opensuse-leap-151',
  'opensuse-tumbleweed',
  'oraclelinux-8-slim',
  'photon-30',
  'suse-15.3_ndb',
  'ubi-7',
];

/** A package as `rpm -qa` told it of a real system. */
interface Listed {
  name: string;
  epoch: number | null;
  version: string;
  release: string;
  arch: string;
  sourcerpm: string;
  license: string;
  vendor: string;
  modularitylabel: string;
}

const lists = existsSync(shared)
  ? readdirSync(`${shared}/rpm-qa`).map((name) => {
      const { count, packages } = JSON.parse(readFileSync(`${shared}/rpm-qa/${name}`, 'utf8')) as {
        count: number;
        packages: Listed[];
      };
      return [name, count, packages] as const;
    })
  : [];

/** A header of the tags that have a value. */
function headerWith(values: Record<number, string | number | undefined>): Buffer {
  const stated = Object.entries(values).flatMap(([tag, value]) =>
    value === undefined ? [] : [[Number(tag), value] as const],
  );
  return exampleHeader(Object.fromEntries(stated));
}

/** The header of a package, with the tags that rpm writes. */
const headerOf = (item: Listed): Buffer =>
  headerWith({
    1000: item.name,
    1001: item.version,
    1002: item.release,
    1003: item.epoch ?? undefined,
    1011: item.vendor,
    1014: item.license,
    1022: item.arch || undefined,
    1044: item.sourcerpm,
    5096: item.modularitylabel || undefined,
  });

function sqlite(headers: Buffer[]): Buffer {
  const path = join(folder, 'rpmdb.sqlite');
  rmSync(path, { force: true });
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL); BEGIN');
  const statement = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
  for (const header of headers) statement.run(header);
  database.exec('COMMIT');
  database.close();
  return readFileSync(path);
}

/** A smallest NDB has places for so many packages. */
const PLACES = 250;
const inPieces = (headers: Buffer[]): Buffer[][] =>
  Array.from({ length: Math.ceil(headers.length / PLACES) }, (_, at) => headers.slice(at * PLACES, (at + 1) * PLACES));

function readWhole(bytes: Buffer): Component[] {
  const { components, unknowns } = rpm.parse([{ path: 'var/lib/rpm/Packages', bytes }], { target: 'image.tar' });
  expect(unknowns).toEqual([]);
  return components;
}

const factsOf = ({ name, version, architecture, vendor, modularityLabel, source, licences }: Component): unknown[] => [
  name,
  version,
  architecture,
  vendor,
  modularityLabel,
  source && `${source.name}-${source.version}`,
  ...licences,
];
const stated = (text: string): string | undefined => text || undefined;
const expectedOf = (item: Listed): unknown[] => [
  item.name,
  `${item.epoch ? `${item.epoch}:` : ''}${item.version}-${item.release}`,
  stated(item.arch),
  stated(item.vendor),
  stated(item.modularitylabel ?? ''),
  item.sourcerpm.endsWith('.src.rpm') ? item.sourcerpm.slice(0, -'.src.rpm'.length) : undefined,
  ...(item.license ? [item.license] : []),
];

describe.skipIf(!existsSync(shared))('rpm lists of real systems (skipped without ../shared/inventories)', () => {
  it.each(lists)('reads %s, %i packages, from databases that hold them', (_, count, packages) => {
    expect(packages).toHaveLength(count);
    const headers = packages.map(headerOf);
    const installed = packages.filter(({ name }) => name !== 'gpg-pubkey');
    const expected = installed.map((item) => JSON.stringify(expectedOf(item))).sort();
    for (const databases of [[sqlite(headers)], inPieces(headers).map(exampleDatabase)]) {
      const components = databases.flatMap(readWhole);
      expect([...new Set(components.map((item) => JSON.stringify(factsOf(item))))].sort()).toEqual([
        ...new Set(expected),
      ]);
    }
  });

  it('holds 3042 packages in 14 lists, with modules, epochs and other vendors among them', () => {
    const packages = lists.flatMap(([, , own]) => own);
    expect([lists.length, packages.length]).toEqual([14, 3042]);
    expect(packages.some(({ modularitylabel }) => modularitylabel)).toBe(true);
    expect(packages.some(({ epoch }) => epoch !== null && epoch > 0)).toBe(true);
    expect(packages.some(({ vendor }) => vendor === 'MongoDB Inc.')).toBe(true);
  });

  it.each(TRIVY)('reads %s of another scanner from a database that holds it', (name) => {
    const packages = JSON.parse(readFileSync(`${shared}/trivy/${name}.json`, 'utf8')) as TrivyPackage[];
    const headers = packages.map((item) =>
      headerWith({
        1000: item.Name,
        1001: item.Version,
        1002: item.Release,
        1003: item.Epoch,
        1011: item.Maintainer ?? '',
        1044: item.SrcName ? `${item.SrcName}-${item.SrcVersion}-${item.SrcRelease}.src.rpm` : '(none)',
      }),
    );
    const components = inPieces(headers).map(exampleDatabase).flatMap(readWhole);
    const expected = packages
      .filter((item) => item.Name !== 'gpg-pubkey')
      .map((item) => [
        item.Name,
        `${item.Epoch ? `${item.Epoch}:` : ''}${item.Version}-${item.Release}`,
        item.Maintainer || undefined,
        item.SrcName || undefined,
      ]);
    expect(components.map((item) => [item.name, item.version, item.vendor, item.source?.name]).sort()).toEqual(
      expected.sort(),
    );
  });

  it('reads the rpms of Red Hat’s manifests, by what each states of itself', () => {
    let read = 0;
    for (const name of readdirSync(`${shared}/rhel-manifests`)) {
      if (name === 'counts.json') continue;
      const { rpms } = JSON.parse(readFileSync(`${shared}/rhel-manifests/${name}`, 'utf8')) as { rpms: Manifested[] };
      const items = rpms.filter((item) => item.name !== 'gpg-pubkey');
      const headers = items.map((item) =>
        exampleHeader({
          1000: item.name,
          1001: versionOf(item),
          1002: item.release,
          1022: item.architecture,
          1044: `${item.srpm_nevra.replace(/-\d+:(?=[^-]+-[^-]+$)/, '-').replace(/\.src$/, '')}.src.rpm`,
        }),
      );
      const components = inPieces(headers).map(exampleDatabase).flatMap(readWhole);
      const found = components.map((item) => `${item.name}-${item.version}.${item.architecture} ${item.source?.name}`);
      expect([...new Set(found)].sort(), name).toEqual(
        [...new Set(items.map((item) => `${fullName(item)} ${item.srpm_name}`))].sort(),
      );
      read += items.length;
    }
    expect(read).toBeGreaterThan(1500);
  });
});

const fullName = ({ nvra, nerva, name, version, release, architecture }: Manifested): string =>
  nvra ?? nerva?.replace(/-\d+:(?=[^-]+-[^-]+$)/, '-') ?? `${name}-${version}-${release}.${architecture}`;

/** One manifest states the version only in the full name. */
const versionOf = (item: Manifested): string =>
  item.version ?? fullName(item).slice(item.name.length + 1, -`-${item.release}.${item.architecture}`.length);

interface TrivyPackage {
  Name: string;
  Version: string;
  Release: string;
  Epoch?: number;
  Maintainer?: string;
  SrcName?: string;
  SrcVersion?: string;
  SrcRelease?: string;
}

interface Manifested {
  name: string;
  version?: string;
  release: string;
  architecture: string;
  nvra?: string;
  /** Name, epoch, version, release and architecture, where there is no `nvra`. */
  nerva?: string;
  srpm_name: string;
  srpm_nevra: string;
}
