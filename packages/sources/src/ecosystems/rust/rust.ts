import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readToml } from '../parse-toml.ts';
import { type Fields, isFields, listOf, textOf } from '../read-text.ts';
import { distilExecutable, readAuditedCrates } from './audit-data.ts';
import { capabilities } from './capabilities.ts';
import { CRATE_NAME, crateComponent } from './rust-component.ts';

/** Sources of dependencies: their own lock files say nothing of what is built here. */
const OF_OTHERS = /(?:^|\/)(?:registry\/src|git\/checkouts|vendor|node_modules)\//;

/** Crates of Rust: linked into executables that cargo-auditable made, or listed by a Cargo.lock. */
export const rust: Ecosystem = {
  name: 'rust',
  wants: (path) => path.endsWith('Cargo.lock') && /(?:^|\/)Cargo\.lock$/.test(path) && !OF_OTHERS.test(path),
  distil: distilExecutable,
  parse: parseRust,
  capabilities,
};

function parseRust(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    if (file.distilled) readAuditedCrates(file, context, inventory);
    else {
      const document = readToml(file, context, inventory);
      if (document !== undefined) readCargoLock(document, file.path, context, inventory);
    }
  }
  return inventory;
}

function readCargoLock(document: Fields, path: string, context: EcosystemContext, inventory: Inventory): void {
  const locked = new LockedPackages(crateComponent, CRATE_NAME);
  for (const item of listOf(document, 'package')) {
    const version = isFields(item) ? textOf(item, 'version') : '';
    if (isFields(item) && version !== '') locked.add(textOf(item, 'name'), version);
    else locked.skip();
  }
  locked.finish(path, context, inventory);
}
