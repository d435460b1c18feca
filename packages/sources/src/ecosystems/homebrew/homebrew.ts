import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { purlComponent } from '../purl-component.ts';
import { fieldsOf, readJson, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const RECEIPT = /^(.*\/)?Cellar\/([A-Za-z0-9][\w.@+-]{0,254})\/([0-9A-Za-z][\w.+,~-]{0,254})\/INSTALL_RECEIPT\.json$/;

/** Formulae that Homebrew installed: a folder a version in its Cellar, each with a receipt. */
export const homebrew: Ecosystem = {
  name: 'homebrew',
  wants: (path) => path.endsWith('/INSTALL_RECEIPT.json') && RECEIPT.test(path),
  parse: parseHomebrew,
  capabilities,
};

function parseHomebrew(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const document = readJson(file, context, inventory);
    const [, , name, version] = RECEIPT.exec(file.path) ?? [];
    if (document === undefined || name === undefined || version === undefined) continue;
    const tap = textOf(fieldsOf(document, 'source'), 'tap');
    const item = {
      name,
      version,
      licences: [],
      path: file.path,
      scope: 'installed' as const,
      development: false,
      files: [`/${file.path.replace(/[^/]+$/, '')}`],
    };
    const isOwn = tap === '' || tap === 'homebrew/core' || tap.length > 255;
    inventory.components.push(purlComponent('brew', item, isOwn ? {} : { qualifiers: { tap } }));
  }
  return inventory;
}
