import type { EcosystemContext, FileTree, Inventory, PackageFile } from '../ecosystem.ts';
import { fieldsOf, readJson } from '../read-text.ts';

const LOCK_FILES = [
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'],
  'node_modules/.package-lock.json',
];
/** Of source repositories the walk over their files says it, for projects of every language. */
const REPOSITORY = 'repository:';
/** Folders of what others wrote: their manifests ask for nothing here. */
const FOREIGN =
  /(?:^|\/)(?:site-packages|dist-packages|gems|vendor|testdata|pkg\/mod|bower_components)\/|^(?:usr\/(?:share|lib|src)|opt\/yarn-[^/]*)\//;

/**
 * Says of projects in an image whose `package.json` asks for packages, while neither a lock file nor an installed package is beside
 * or above it, that what they use is not known: it is decided later, or was bundled into their code. `installed` are
 * the folders that hold a `node_modules` with packages.
 */
export function reportUnlocked(
  manifests: readonly PackageFile[],
  installed: ReadonlySet<string>,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const { tree, target } = context;
  if (tree === undefined || target.startsWith(REPOSITORY)) return;
  const open = manifests.filter(
    (file) =>
      !FOREIGN.test(file.path) &&
      !foldersAbove(file.path).some((folder) => installed.has(folder) || hasLock(folder, tree)) &&
      asksForPackages(file, context, inventory),
  );
  const [first] = open;
  if (first === undefined) return;
  inventory.unknowns.push({
    code: 'requirement-open',
    message:
      open.length === 1
        ? 'A package.json asks for packages, and no lock file says which: what is used is not known'
        : `${open.length} package.json files ask for packages, and no lock files say which: what is used is not known`,
    place: { source: target, path: `/${first.path}` },
    hint: 'Commit the lock file of the package manager, or scan where the packages are installed',
  });
}

function asksForPackages(file: PackageFile, context: EcosystemContext, inventory: Inventory): boolean {
  const content = readJson(file, context, inventory) ?? {};
  return ['dependencies', 'optionalDependencies'].some((field) => Object.keys(fieldsOf(content, field)).length > 0);
}

function hasLock(folder: string, tree: FileTree): boolean {
  return LOCK_FILES.some((name) => tree.isFile(`${folder}${name}`));
}

/** Folders up to the root, each with its slash; the root is empty. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.lastIndexOf('/'); at !== -1; at = path.lastIndexOf('/', at - 1)) {
    folders.push(path.slice(0, at + 1));
    if (at === 0) break;
  }
  return [...folders, ''];
}
