import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { Workspaces } from '../npm/workspaces.ts';
import { readToml } from '../parse-toml.ts';
import { type Fields, fieldsOf, listOf } from '../read-text.ts';
import { distilExecutable, readAuditedCrates } from './audit-data.ts';
import { capabilities } from './capabilities.ts';
import { readCargoLock } from './cargo-lock.ts';
import { type CargoManifest, readManifest } from './manifest.ts';

/** Sources of dependencies: their own lock files say nothing of what is built here. */
const OF_OTHERS = /(?:^|\/)(?:registry\/src|git\/checkouts|vendor|node_modules)\//;
/** Manifests of one project that are read: those of the largest workspaces are a tenth of it. */
const MOST_MANIFESTS = 5000;
const LISTS = /(?:^|\/)Cargo\.(?:lock|toml)$/;

/** Crates of Rust: linked into executables that cargo-auditable made, or listed by a Cargo.lock. */
export const rust: Ecosystem = {
  name: 'rust',
  wants: (path) =>
    (path.endsWith('Cargo.lock') || path.endsWith('Cargo.toml')) && LISTS.test(path) && !OF_OTHERS.test(path),
  distil: distilExecutable,
  parse: parseRust,
  capabilities,
};

function parseRust(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const manifests = files.filter(({ distilled, path }) => !distilled && path.endsWith('.toml'));
  for (const file of files) {
    if (file.distilled) readAuditedCrates(file, context, inventory);
    else if (file.path.endsWith('.lock')) {
      const folder = file.path.slice(0, -'Cargo.lock'.length);
      const below = manifests.filter(({ path }) => path.startsWith(folder)).slice(0, MOST_MANIFESTS);
      readCargoLock(file, readManifests(below, folder, context), context, inventory);
    }
  }
  return inventory;
}

/**
 * The manifests of a project in a folder and of its workspace's members; what cannot be read of them only leaves open
 * what is of development.
 */
function readManifests(files: PackageFile[], folder: string, context: EcosystemContext): CargoManifest[] {
  const read = (file: PackageFile): Fields | undefined => readToml(file, context, { components: [], unknowns: [] });
  const own = files.find(({ path }) => path === `${folder}Cargo.toml`);
  const root = (own && read(own)) ?? {};
  const workspace = fieldsOf(root, 'workspace');
  const members = new Workspaces(listOf(workspace, 'members'));
  const places = files.filter(({ path }) => members.has(path.slice(folder.length, -'/Cargo.toml'.length)));
  const contents = [root, ...places.filter((file) => file !== own).map(read)].filter(
    (content) => content !== undefined,
  );
  return contents.map((content) => readManifest(content, fieldsOf(workspace, 'dependencies')));
}
