import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { parseIndentedMaps } from '../indented-map.ts';
import { purlComponent } from '../purl-component.ts';
import { isIdentity } from '../purl-of.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const META = /(?:^|\/)snap\/[^/]+\/[^/]+\/meta\/snap\.yaml$/;
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** Snaps that are unpacked below `/snap`. */
export const snap: Ecosystem = {
  name: 'snap',
  wants: (path) => path.endsWith('/meta/snap.yaml') && META.test(path),
  parse: parseSnap,
  capabilities,
};

function parseSnap(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const root = parseIndentedMaps(text)[0]?.root;
    const name = root?.get('name');
    const version = root?.get('version');
    if (typeof name !== 'string' || !NAME.test(name) || typeof version !== 'string' || !isIdentity(version)) {
      reportUnreadable(file, 'states no usable name and version of a snap', context, inventory);
      continue;
    }
    const licence = root?.get('license');
    const licences = typeof licence === 'string' ? [licence] : [];
    const files = [`/${file.path.replace(/meta\/snap\.yaml$/, '')}`];
    const details = { licences, path: file.path, scope: 'installed' as const, development: false, files };
    inventory.components.push(purlComponent('snap', { name, version, ...details }));
  }
  return inventory;
}
