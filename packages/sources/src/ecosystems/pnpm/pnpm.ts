import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type IndentedMap, type IndentedValue, parseIndentedMaps } from '../indented-map.ts';
import { LockedPackages } from '../locked-packages.ts';
import { NPM_NAME, npmComponent } from '../npm/npm-component.ts';
import { readText } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { developmentPackages } from './development-packages.ts';
import { identityOf } from './package-key.ts';

/** pnpm's lock files, of every version from 5 to 9. */
export const pnpm: Ecosystem = {
  name: 'pnpm',
  wants: (path) =>
    path.endsWith('pnpm-lock.yaml') &&
    (path === 'pnpm-lock.yaml' || path.endsWith('/pnpm-lock.yaml')) &&
    !`/${path}`.includes('/node_modules/'),
  parse: parsePnpm,
  capabilities,
};

function parsePnpm(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const locked = new LockedPackages(npmComponent, NPM_NAME);
    for (const { root, oddLines } of parseIndentedMaps(text)) {
      for (const line of oddLines) locked.skip(line);
      readDocument(root, locked);
    }
    locked.finish(file.path, context, inventory);
  }
  return inventory;
}

/** pnpm 11 puts what it needs itself into a document of its own before the project's. */
function readDocument(root: IndentedMap, locked: LockedPackages): void {
  const stated = root.get('lockfileVersion');
  const version = typeof stated === 'string' ? Number.parseFloat(stated) : Number.NaN;
  const packages = root.get('packages');
  if (Number.isNaN(version) || (packages !== undefined && typeof packages === 'string')) {
    locked.skip();
    return;
  }
  const ofDevelopment = developmentPackages(root);
  for (const [key, entry] of packages ?? []) {
    if (typeof entry === 'string') {
      locked.skip();
      continue;
    }
    const identity = identityOf(key, version);
    const name = text(entry.get('name')) || (identity?.name ?? '');
    const release = text(entry.get('version')) || (identity?.version ?? '');
    locked.add(name, release, { development: text(entry.get('dev')) === 'true' || ofDevelopment.has(key) });
  }
}

function text(value: IndentedValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
