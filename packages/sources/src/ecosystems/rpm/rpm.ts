import type { Component } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, FileTree, Inventory, PackageFile } from '../ecosystem.ts';
import { ownedFiles } from '../owned-files.ts';
import { DatabaseDamage } from './bytes.ts';
import { capabilities } from './capabilities.ts';
import { parseHeader, type RpmHeader } from './header.ts';
import type { HeaderCollector } from './header-collector.ts';
import { parseManifest } from './manifest.ts';
import { readDatabase } from './read-database.ts';
import { toComponent } from './rpm-component.ts';

const FOLDERS = ['var/lib/rpm/', 'usr/lib/sysimage/rpm/', 'usr/share/rpm/'];
const LOG = '/rpmdb.sqlite-wal';
const NAMES = ['rpmdb.sqlite', 'rpmdb.sqlite-wal', 'Packages.db', 'Packages'];
const MANIFEST = 'var/lib/rpmmanifest/container-manifest-2';
const FILES = new Set([MANIFEST, ...FOLDERS.flatMap((folder) => NAMES.map((name) => `${folder}${name}`))]);
/** Public keys that rpm trusts: entries of the database that install nothing. */
const KEYS = 'gpg-pubkey';
/** Links that debuggers follow from the digest of a program to it. */
const BUILD_ID = /^usr\/lib\/(?:debug\/)?\.build-id\//;
/** Characters of paths that are read from one database: real ones have a tenth. */
const MOST_PATHS = 64 * 1024 * 1024;

/** The package databases of Red Hat, SUSE and their relatives: SQLite, NDB, Berkeley DB, and lists of images without. */
export const rpm: Ecosystem = {
  name: 'rpm',
  wants: (path) => FILES.has(path),
  parse: parseRpm,
  capabilities,
};

function parseRpm(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const seen = new Set<string>();
  for (const file of files) {
    if (file.path.endsWith(LOG)) continue;
    const read = file.path === MANIFEST ? readManifest(file, context) : readPackages(file, files, context);
    inventory.unknowns.push(...read.unknowns);
    for (const component of read.components) {
      if (seen.has(component.id)) continue;
      seen.add(component.id);
      inventory.components.push(component);
    }
  }
  return inventory;
}

function readPackages(file: PackageFile, files: PackageFile[], context: EcosystemContext): Inventory {
  const log = files.find(({ path }) => path === `${file.path}-wal`);
  const database = readDatabase(file.bytes, log?.bytes);
  const budget = { left: MOST_PATHS };
  const components: Component[] = [];
  for (const blob of database.headers) {
    try {
      const header = parseHeader(blob);
      if (header.name === KEYS) continue;
      const owned = context.tree === undefined ? [] : readFiles(header, context.tree, budget, database);
      const component = toComponent(header, file.path, owned, context.distribution);
      if (component === undefined) throw new DatabaseDamage('a package has no usable name or version');
      components.push(component);
    } catch (error) {
      database.note(error);
    }
  }
  if (database.damage === undefined) return { components, unknowns: [] };
  const message = `The rpm database cannot be read completely: ${database.damage}`;
  return { components, unknowns: [{ code: 'package-database-damaged', message, place: placeOf(file, context) }] };
}

/** Paths of a package that can run or be loaded; none where its list is damaged, which leaves the package itself. */
function readFiles(header: RpmHeader, tree: FileTree, budget: { left: number }, database: HeaderCollector): string[] {
  try {
    return ownedFiles(pathsWithin(header, budget), tree);
  } catch (error) {
    database.note(error);
    return [];
  }
}

function* pathsWithin(header: RpmHeader, budget: { left: number }): Generator<string> {
  for (const path of header.paths()) {
    budget.left -= path.length;
    if (budget.left < 0) throw new DatabaseDamage('its lists of files are too long');
    if (!BUILD_ID.test(path)) yield path;
  }
}

function readManifest(file: PackageFile, context: EcosystemContext): Inventory {
  const { packages, oddLines } = parseManifest(file.bytes.toString('utf8'));
  const components = packages.flatMap((header) => toComponent(header, file.path, [], context.distribution) ?? []);
  const incomplete = packages.length - components.length;
  if (oddLines.length + incomplete === 0 && packages.length > 0) return { components, unknowns: [] };
  const message =
    packages.length === 0
      ? 'The list of rpm packages holds none'
      : `${oddLines.length + incomplete} lines of the list of rpm packages are no packages: some may be missing`;
  const place = { ...placeOf(file, context), ...(oddLines[0] !== undefined && { line: oddLines[0] }) };
  return { components, unknowns: [{ code: 'package-database-damaged', message, place }] };
}

function placeOf(file: PackageFile, { target }: EcosystemContext): { source: string; path: string } {
  return { source: target, path: `/${file.path}` };
}
