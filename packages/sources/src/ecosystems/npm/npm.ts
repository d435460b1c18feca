import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { readJson } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { readInstalledPackage } from './installed-package.ts';
import { readLockFile } from './lock-file.ts';

const LOCK_FILE = /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/;
/** A package folder directly below `node_modules`; package.json files deeper inside a package are no packages. */
const PACKAGE = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;
const NESTED = /(?:^|\/)node_modules\//;

/** npm packages: installed below `node_modules`, or listed by npm's lock files. */
export const npm: Ecosystem = {
  name: 'npm',
  wants: (path) =>
    path.endsWith('.json') &&
    (path.endsWith('/package.json') ? PACKAGE.test(path) : LOCK_FILE.test(path) && !NESTED.test(path)),
  parse: parseNpm,
  capabilities,
};

function parseNpm(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    if (!file.path.endsWith('/package.json')) readLockFile(file, context, inventory);
    else {
      const content = readJson(file, context, inventory);
      if (content !== undefined) readInstalledPackage(content, file.path, context, inventory);
    }
  }
  return inventory;
}
