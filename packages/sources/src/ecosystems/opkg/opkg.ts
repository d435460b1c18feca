import { parseControl } from '../dpkg/control.ts';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { ownedFiles } from '../owned-files.ts';
import { purlComponent } from '../purl-component.ts';
import { isIdentity } from '../purl-of.ts';
import { linesOf, readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const STATUS = /^(?:usr|var)\/lib\/opkg\/status$/;
const LIST = /^(?:usr|var)\/lib\/opkg\/info\/[^/]+\.list$/;
const FIELDS = new Set(['package', 'version', 'architecture', 'status', 'license']);

/** The package database of opkg (OpenWrt, Yocto); its list has the form of dpkg's. */
export const opkg: Ecosystem = {
  name: 'opkg',
  wants: (path) => path.startsWith('lib/opkg/', 4) && (STATUS.test(path) || LIST.test(path)),
  parse: parseOpkg,
  capabilities,
};

function parseOpkg(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const lists = new Map(files.map((file) => [file.path, file]));
  for (const file of files) {
    if (!file.path.endsWith('/status')) continue;
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const { paragraphs, oddLines } = parseControl(text, FIELDS);
    if (oddLines.length > 0) reportUnreadable(file, 'has lines that are no fields', context, inventory);
    for (const { fields } of paragraphs) addPackage(fields, file.path, lists, context, inventory);
  }
  return inventory;
}

function addPackage(
  fields: Map<string, string>,
  path: string,
  lists: Map<string, PackageFile>,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  if (fields.get('status')?.split(/\s+/).at(-1) !== 'installed') return;
  const name = fields.get('package');
  const version = fields.get('version');
  if (!isIdentity(name) || !isIdentity(version)) {
    const message = 'A package has no usable name or version';
    const place = { source: context.target, path: `/${path}` };
    inventory.unknowns.push({ code: 'package-incomplete', message, place });
    return;
  }
  const list = lists.get(path.replace(/status$/, `info/${name}.list`));
  const listed = list === undefined ? '' : (readText(list, context, inventory) ?? '');
  const stated = fields.get('architecture');
  const architecture = isIdentity(stated) ? stated : '';
  const item = {
    name,
    version,
    licences: [fields.get('license') ?? ''],
    path,
    scope: 'installed' as const,
    development: false,
    files: context.tree === undefined ? [] : ownedFiles(pathsOf(listed), context.tree),
  };
  const component = purlComponent('opkg', item, { qualifiers: { arch: architecture } });
  inventory.components.push({ ...component, ...(architecture !== '' && { architecture }) });
}

/** Newer versions put a digest and a mode behind the path, parted by a tab. */
function* pathsOf(list: string): Generator<string> {
  for (const line of linesOf(list)) {
    const path = line.split('\t')[0]!.replace(/^\/+/, '');
    if (path !== '') yield path;
  }
}
