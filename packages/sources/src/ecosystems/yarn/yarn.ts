import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { Manifests } from '../npm/manifest.ts';
import { isInModules } from '../npm/module-folder.ts';
import { NPM_NAME, npmComponent } from '../npm/npm-component.ts';
import { readText } from '../read-text.ts';
import { readBerryLock } from './berry-lock.ts';
import { capabilities } from './capabilities.ts';
import { readClassicLock } from './classic-lock.ts';

const BERRY = /^__metadata:/m;

/** Lock files of yarn 1 (classic) and of yarn 2 and later (berry), with the `package.json` files of their projects. */
export const yarn: Ecosystem = { name: 'yarn', wants, parse: parseYarn, capabilities };

function wants(path: string): boolean {
  if (!path.endsWith('yarn.lock') && !path.endsWith('package.json')) return false;
  return /(?:^|\/)(?:yarn\.lock|package\.json)$/.test(path) && !isInModules(path);
}

function parseYarn(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const manifests = new Manifests(
    files.filter(({ path }) => path.endsWith('.json')),
    context,
    inventory,
  );
  for (const file of files) {
    if (file.path.endsWith('.json')) continue;
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const locked = new LockedPackages(npmComponent, NPM_NAME);
    if (BERRY.test(text)) readBerryLock(text, file.path, manifests, locked);
    else readClassicLock(text, file.path, manifests, locked);
    locked.finish(file.path, context, inventory);
  }
  return inventory;
}
