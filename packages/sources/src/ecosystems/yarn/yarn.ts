import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { NPM_NAME, npmComponent } from '../npm/npm-component.ts';
import { readText } from '../read-text.ts';
import { readBerryLock } from './berry-lock.ts';
import { capabilities } from './capabilities.ts';
import { readClassicLock } from './classic-lock.ts';

const BERRY = /^__metadata:/m;

/** Lock files of yarn 1 (classic) and of yarn 2 and later (berry). */
export const yarn: Ecosystem = {
  name: 'yarn',
  wants: (path) =>
    path.endsWith('yarn.lock') && (path === 'yarn.lock' || (path.endsWith('/yarn.lock') && !isNested(path))),
  parse: parseYarn,
  capabilities,
};

function isNested(path: string): boolean {
  return path.startsWith('node_modules/') || path.includes('/node_modules/');
}

function parseYarn(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const locked = new LockedPackages(npmComponent, NPM_NAME);
    if (BERRY.test(text)) readBerryLock(text, locked);
    else readClassicLock(text, locked);
    locked.finish(file.path, context, inventory);
  }
  return inventory;
}
