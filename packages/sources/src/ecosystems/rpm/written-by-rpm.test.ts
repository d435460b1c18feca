import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileTree, Inventory } from '../ecosystem.ts';
import { rpm } from './rpm.ts';

const hasRpm = spawnSync('rpmbuild', ['--version']).status === 0;
const everything: FileTree = { resolve: (path) => path, isFile: () => true };
const PACKAGES = 7;

const specOf = (number: number): string =>
  [
    `Name: part-${number}`,
    ...(number % 3 === 0 ? [`Epoch: ${number + 1}`] : []),
    `Version: 1.${number}`,
    'Release: 2.el9',
    'Summary: A part',
    'License: MIT',
    'Vendor: Example',
    'BuildArch: noarch',
    ...(number % 4 === 0 ? ['ModularityLabel: nodejs:18:80900:rhel9'] : []),
    '%description',
    'x'.repeat(number * 700),
    '%install',
    `mkdir -p %{buildroot}/usr/bin; echo x > %{buildroot}/usr/bin/part-${number}`,
    '%files',
    `/usr/bin/part-${number}`,
    '',
  ].join('\n');

/** Databases as rpm writes them; where it is not installed these are skipped, and the other tests stand alone. */
describe.skipIf(!hasRpm)('a database that rpm itself wrote (skipped where rpmbuild is not installed)', () => {
  const folder = hasRpm ? mkdtempSync(join(tmpdir(), 'rpm-written-')) : '';
  const database = join(folder, 'db');
  const query = (format: string): string[] =>
    execFileSync('rpm', ['--dbpath', database, '-qa', '--qf', `${format}\\n`], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .sort();
  const read = (bytes: Buffer, log?: Buffer): Inventory =>
    rpm.parse(
      [
        { path: 'var/lib/rpm/rpmdb.sqlite', bytes },
        ...(log === undefined ? [] : [{ path: 'var/lib/rpm/rpmdb.sqlite-wal', bytes: log }]),
      ],
      { target: 'image.tar', tree: everything },
    );

  beforeAll(() => {
    mkdirSync(database);
    for (let number = 0; number < PACKAGES; number++) {
      writeFileSync(join(folder, 'part.spec'), specOf(number));
      execFileSync('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${folder}/top`, join(folder, 'part.spec')], {
        stdio: 'ignore',
      });
    }
    const built = readdirSync(join(folder, 'top/RPMS/noarch')).map((name) => join(folder, 'top/RPMS/noarch', name));
    execFileSync('rpm', ['--dbpath', database, '--justdb', '--nodeps', '-i', ...built], { stdio: 'ignore' });
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lists what rpm -qa lists: epochs, modules, vendors, sources and files', () => {
    const log = join(database, 'rpmdb.sqlite-wal');
    const bytes = readFileSync(join(database, 'rpmdb.sqlite'));
    const { components, unknowns } = read(bytes, existsSync(log) ? readFileSync(log) : undefined);
    expect(unknowns).toEqual([]);
    const found = components.map(({ name, version, architecture, vendor, modularityLabel, source, files }) =>
      [
        name,
        version,
        architecture,
        vendor,
        modularityLabel ?? '(none)',
        `${source?.name}-${source?.version}`,
        files,
      ].join(' '),
    );
    const format =
      '%{NAME} %|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE} %{ARCH} %{VENDOR} %{MODULARITYLABEL} %{SOURCERPM} [%{FILENAMES}]';
    expect(found.sort()).toEqual(query(format).map((line) => line.replace('.src.rpm', '')));
    expect(found).toHaveLength(PACKAGES);
  });

  it('answers it with bytes changed or cut off in time, and never lists fewer packages without saying so', () => {
    const whole = readFileSync(join(database, 'rpmdb.sqlite'));
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    const started = performance.now();
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const { components, unknowns } = read(whole.subarray(0, length));
        if (components.length < PACKAGES) expect(unknowns).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        read(bytes);
      }),
      { numRuns: 100 },
    );
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
