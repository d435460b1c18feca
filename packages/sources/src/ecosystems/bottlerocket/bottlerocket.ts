import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import type { LanguagePackage } from '../language-component.ts';
import { purlComponent } from '../purl-component.ts';
import { isIdentity } from '../purl-of.ts';
import { type Fields, isFields, listOf, readJson, reportUnreadable, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const INVENTORY = 'usr/share/bottlerocket/application-inventory.json';

/** The inventory of Bottlerocket, which has no package manager. */
export const bottlerocket: Ecosystem = {
  name: 'bottlerocket',
  wants: (path) => path.endsWith('application-inventory.json') && path.endsWith(INVENTORY),
  parse: parseBottlerocket,
  capabilities,
};

function parseBottlerocket(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const document = readJson(file, context, inventory);
    if (document === undefined) continue;
    const entries = listOf(document, 'Content');
    const items = entries.flatMap((entry) => (isFields(entry) ? (toPackage(entry, file.path) ?? []) : []));
    for (const { architecture, ...item } of items) {
      const component = purlComponent('bottlerocket', item, { qualifiers: { arch: architecture } });
      inventory.components.push({ ...component, ...(architecture !== '' && { architecture }) });
    }
    if (items.length < entries.length || entries.length === 0) {
      reportUnreadable(file, 'has entries without a usable name and version, or none', context, inventory);
    }
  }
  return inventory;
}

function toPackage(entry: Fields, path: string): (LanguagePackage & { architecture: string }) | undefined {
  const [name, version, release, epoch] = ['Name', 'Version', 'Release', 'Epoch'].map((field) => textOf(entry, field));
  if (!isIdentity(name) || !isIdentity(version)) return undefined;
  const full = `${epoch && epoch !== '0' ? `${epoch}:` : ''}${version}${release && `-${release}`}`;
  const architecture = textOf(entry, 'Architecture').slice(0, 64);
  return {
    name,
    version: full.slice(0, 1024),
    licences: [],
    path,
    scope: 'installed',
    development: false,
    files: [],
    architecture,
  };
}
