import type { Component } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { ownedFiles } from '../owned-files.ts';
import { isIdentity, osPackagePurl } from '../purl-of.ts';
import { capabilities } from './capabilities.ts';
import { parseDesc } from './desc.ts';

const FOLDER = 'var/lib/pacman/local/';
const FIELDS = new Set(['NAME', 'VERSION', 'BASE', 'ARCH', 'LICENSE']);
const LISTS = new Set(['FILES']);
const MOST_LICENCES = 64;

/** The local database of pacman (Arch Linux and its relatives): a folder a package. */
export const alpm: Ecosystem = {
  name: 'alpm',
  wants: (path) => path.startsWith(FOLDER) && (path.endsWith('/desc') || path.endsWith('/files')),
  parse: parseAlpm,
  capabilities,
};

function parseAlpm(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const lists = new Map(files.filter(({ path }) => path.endsWith('/files')).map((file) => [file.path, file]));
  for (const file of files) {
    if (!file.path.endsWith('/desc')) continue;
    const { fields, oddLines } = parseDesc(file.bytes.toString('utf8'), FIELDS);
    const component = toComponent(fields, file.path, lists, context);
    if (component !== undefined) inventory.components.push(component);
    const place = { source: context.target, path: `/${file.path}` };
    if (component === undefined) {
      const message = 'A package has no usable name or version';
      inventory.unknowns.push({ code: 'package-incomplete', message, place });
    } else if (oddLines.length > 0) {
      const message = `${oddLines.length} lines of the package's description are no fields`;
      inventory.unknowns.push({ code: 'package-database-damaged', message, place: { ...place, line: oddLines[0]! } });
    }
  }
  return inventory;
}

function toComponent(
  fields: Map<string, string[]>,
  path: string,
  lists: Map<string, PackageFile>,
  { distribution, tree }: EcosystemContext,
): Component | undefined {
  const name = fields.get('NAME')?.[0];
  const version = fields.get('VERSION')?.[0];
  if (!isIdentity(name) || !isIdentity(version)) return undefined;
  const architecture = fields.get('ARCH')?.find(isIdentity);
  const base = fields.get('BASE')?.[0];
  const source = { name: isIdentity(base) ? base : name, version };
  const purl = osPackagePurl({ type: 'alpm', vendor: 'arch', name, version, architecture, source }, distribution);
  const list = lists.get(path.replace(/desc$/, 'files'));
  return {
    id: purl,
    type: 'alpm',
    name,
    version,
    purl,
    ...(distribution?.ecosystem !== undefined && { ecosystem: distribution.ecosystem }),
    source,
    ...(architecture !== undefined && { architecture }),
    licences: (fields.get('LICENSE') ?? []).filter(isIdentity).slice(0, MOST_LICENCES),
    path: `/${path}`,
    files: tree === undefined || list === undefined ? [] : ownedFiles(listedFiles(list), tree),
    scope: 'installed',
    development: false,
  };
}

/** Paths without a leading slash; those of folders end in one. */
function listedFiles(list: PackageFile): string[] {
  const paths = parseDesc(list.bytes.toString('utf8'), LISTS).fields.get('FILES') ?? [];
  return paths.filter((path) => !path.endsWith('/'));
}
