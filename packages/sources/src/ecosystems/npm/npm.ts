import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { readJson } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { readInstalledPackage } from './installed-package.ts';
import { readLockFile } from './lock-file.ts';
import { reportUnlocked } from './unlocked.ts';

const LOCK_FILE = /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/;
/** A package folder directly below `node_modules`; package.json files deeper inside a package are no packages. */
const PACKAGE = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;
const NESTED = /(?:^|\/)node_modules\//;

/** npm packages: installed below `node_modules`, or listed by npm's lock files. */
export const npm: Ecosystem = { name: 'npm', wants, parse: parseNpm, capabilities };

function wants(path: string): boolean {
  if (!path.endsWith('.json')) return false;
  if (isManifest(path)) return PACKAGE.test(path) || !NESTED.test(path);
  return LOCK_FILE.test(path) && !NESTED.test(path);
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
    else if (!NESTED.test(path)) manifests.push(file);
    else {
      const content = readJson(file, context, inventory);
      if (content !== undefined) readInstalledPackage(content, path, context, inventory);
      installed.add(path.slice(0, path.startsWith('node_modules/') ? 0 : path.indexOf('/node_modules/') + 1));
    }
  }
  if (manifests.length > 0) reportUnlocked(manifests, installed, context, inventory);
  return inventory;
}
