import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { readJson } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { readInstalledPackage } from './installed-package.ts';
import { readLockFile } from './lock-file.ts';
import { isInModules, isPackageManifest } from './module-folder.ts';
import { reportUnlocked } from './unlocked.ts';

const LOCK_FILE = /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/;
/** npm packages: installed below `node_modules`, or listed by npm's lock files. */
export const npm: Ecosystem = { name: 'npm', wants, parse: parseNpm, capabilities };

function wants(path: string): boolean {
  if (!path.endsWith('.json')) return false;
  if (isManifest(path)) return isPackageManifest(path) || !isInModules(path);
  return LOCK_FILE.test(path) && !isInModules(path);
}

function isManifest(path: string): boolean {
  return path.endsWith('/package.json') || path === 'package.json';
}

function parseNpm(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const manifests: PackageFile[] = [];
  const installed = new Set<string>();
  for (const file of files) {
    const { path } = file;
    if (!isManifest(path)) readLockFile(file, context, inventory);
    else if (!isInModules(path)) manifests.push(file);
    else {
      const content = readJson(file, context, inventory);
      if (content !== undefined) readInstalledPackage(content, path, context, inventory);
      const modules = `/${path}`.indexOf('/node_modules/');
      if (modules >= 0) installed.add(path.slice(0, modules));
    }
  }
  if (manifests.length > 0) reportUnlocked(manifests, installed, context, inventory);
  return inventory;
}
