import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { purlComponent } from '../purl-component.ts';
import { isIdentity } from '../purl-of.ts';
import { isFields, listOf, readJson, reportUnreadable, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

/** The list of packages of Container-Optimized OS, which has no package manager. */
export const cos: Ecosystem = {
  name: 'cos',
  wants: (path) => path === 'etc/cos-package-info.json',
  parse: parseCos,
  capabilities,
};

function parseCos(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const document = readJson(file, context, inventory);
    if (document === undefined) continue;
    const entries = listOf(document, 'installedPackages');
    let read = 0;
    for (const entry of entries) {
      const name = isFields(entry) ? textOf(entry, 'name') : '';
      const version = isFields(entry) ? textOf(entry, 'version') : '';
      if (!isFields(entry) || !isIdentity(name) || !isIdentity(version)) continue;
      read += 1;
      const category = textOf(entry, 'category');
      const details = { licences: [], path: file.path, scope: 'installed' as const, development: false, files: [] };
      const namespace = isIdentity(category) ? { namespace: category } : {};
      inventory.components.push(purlComponent('cos', { name, version, ...details }, namespace));
    }
    if (read < entries.length || entries.length === 0) {
      reportUnreadable(file, 'has entries without a usable name and version, or none', context, inventory);
    }
  }
  return inventory;
}
