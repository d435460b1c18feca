import type { Component, Unknown } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { ownedFiles } from '../owned-files.ts';
import { isIdentity, osPackagePurl } from '../purl-of.ts';
import { capabilities } from './capabilities.ts';
import { type ControlFile, type Paragraph, parseControl } from './control.ts';
import { thirdPartyOf } from './third-party.ts';

const STATUS = 'var/lib/dpkg/status';
const STATUS_FOLDER = 'var/lib/dpkg/status.d/';
const INFO_FOLDER = 'var/lib/dpkg/info/';
const FIELDS = new Set(['package', 'version', 'architecture', 'status', 'source', 'feature', 'maintainer', 'origin']);
const INSTALLED = new Set(['installed', 'triggers-awaited', 'triggers-pending']);
const NEWLINE = 10;
const PARTLY = new Set(['unpacked', 'half-configured', 'half-installed']);

/** Debian's package data base: `status`, and the folder `status.d` of images put together without dpkg. */
export const dpkg: Ecosystem = {
  name: 'dpkg',
  wants: (path) =>
    path.startsWith('var/lib/dpkg/') &&
    (path === STATUS || path.startsWith(STATUS_FOLDER) || (path.startsWith(INFO_FOLDER) && path.endsWith('.list'))),
  parse: parseDpkg,
  capabilities,
};

function parseDpkg(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const lists = new Map(files.filter(isFileList).map((file) => [file.path, file]));
  for (const file of files) {
    if (isFileList(file)) continue;
    const control = parseControl(file.bytes.toString('utf8'), FIELDS);
    for (const paragraph of control.paragraphs) readParagraph(paragraph, file.path, lists, context, inventory);
    reportDamage(file, control, context, inventory.unknowns);
  }
  return inventory;
}

function isFileList({ path }: PackageFile): boolean {
  return path.endsWith('.list') || path.endsWith('.md5sums');
}

function readParagraph(
  { fields, line }: Paragraph,
  path: string,
  lists: Map<string, PackageFile>,
  context: EcosystemContext,
  { components, unknowns }: Inventory,
): void {
  const state = fields.get('status')?.split(/\s+/).at(-1) ?? (path === STATUS ? 'not-installed' : 'installed');
  const name = fields.get('package');
  const version = fields.get('version');
  const place = { source: context.target, path: `/${path}`, line };
  if (PARTLY.has(state)) {
    const message = `Package ${name} ${version} is ${state}: whether its files are there is not known`;
    unknowns.push({ code: 'package-half-installed', message, place });
  }
  if (!INSTALLED.has(state) || fields.has('feature')) return;
  if (!isIdentity(name) || !isIdentity(version)) {
    unknowns.push({ code: 'package-incomplete', message: 'A package has no usable name or version', place });
    return;
  }
  components.push(component(name, version, fields, path, lists, context));
}

function component(
  name: string,
  version: string,
  fields: Map<string, string>,
  path: string,
  lists: Map<string, PackageFile>,
  { distribution, tree }: EcosystemContext,
): Component {
  const architecture = fields.get('architecture');
  const source = parseSource(fields.get('source'), name, version);
  const purl = osPackagePurl({ type: 'deb', vendor: 'debian', name, version, architecture, source }, distribution);
  const vendor = thirdPartyOf(fields);
  const owned = tree === undefined ? [] : ownedFiles(listedFiles(name, architecture, path, lists), tree);
  return {
    id: purl,
    type: 'deb',
    name,
    version,
    purl,
    ...(distribution?.ecosystem !== undefined && { ecosystem: distribution.ecosystem }),
    source,
    ...(architecture !== undefined && { architecture }),
    ...(vendor !== undefined && { vendor }),
    licences: [],
    path: `/${path}`,
    files: owned,
    scope: 'installed',
    development: false,
  };
}

/** `Source: openssl (3.0.11-1)`: the version is stated only where it differs from the binary package's. */
function parseSource(field: string | undefined, name: string, version: string): { name: string; version: string } {
  const [, sourceName, sourceVersion] = /^(\S+)(?:\s+\(([^)]*)\))?$/.exec(field ?? '') ?? [];
  return {
    name: isIdentity(sourceName) ? sourceName : name,
    version: isIdentity(sourceVersion) ? sourceVersion : version,
  };
}

/** Paths from `NAME.list` or `NAME:ARCH.list` of dpkg, or from `NAME.md5sums` beside a file of `status.d`. */
function listedFiles(
  name: string,
  architecture: string | undefined,
  path: string,
  lists: Map<string, PackageFile>,
): string[] {
  const list = lists.get(`${INFO_FOLDER}${name}:${architecture}.list`) ?? lists.get(`${INFO_FOLDER}${name}.list`);
  if (list !== undefined) return lines(list).map((line) => line.replace(/^\/+/, ''));
  const sums = lists.get(`${path}.md5sums`) ?? lists.get(`${STATUS_FOLDER}${name}.md5sums`);
  if (sums === undefined) return [];
  return lines(sums).map((line) => line.replace(/^\S+\s+/, '').replace(/^(?:\.?\/)+/, ''));
}

function lines(file: PackageFile): string[] {
  return file.bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && line !== '/.');
}

function reportDamage(file: PackageFile, control: ControlFile, context: EcosystemContext, unknowns: Unknown[]): void {
  const { oddLines } = control;
  const code = 'package-database-damaged';
  const place = { source: context.target, path: `/${file.path}` };
  if (oddLines.length > 0) {
    const message = `${oddLines.length} lines of the dpkg data base are no fields: packages may be missing`;
    unknowns.push({ code, message, place: { ...place, line: oddLines[0]! } });
  }
  // Files of `status.d` are copied from the packages, which may end so; dpkg itself always ends the line.
  if (file.path === STATUS && file.bytes.length > 0 && file.bytes.at(-1) !== NEWLINE) {
    const message = 'The dpkg data base ends inside a line: packages after it are missing';
    unknowns.push({ code, message, place });
  }
}
