import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { joinPath } from '../join-path.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { distilExecutable, readExecutableModules } from './executable-modules.ts';
import { goComponent, MODULE_PATH } from './go-component.ts';
import { type GoMod, lockGoMod, parseGoMod, type Replacement } from './go-mod.ts';
import { type GoSumContext, lockGoSum } from './go-sum.ts';
import { lockVendored } from './vendored-modules.ts';

/** Sources of dependencies and of Go itself: what is built from them is listed elsewhere. */
const OF_OTHERS = /(?:^|\/)(?:pkg\/mod|vendor|testdata|node_modules)\/|^usr\/(?:local|lib)\/go[^/]*\//;
const LISTS = /(?:^|\/)go\.(?:mod|sum|work)$/;
const VENDORED = /(?:^|\/)vendor\/modules\.txt$/;
const NOTHING: GoSumContext = { known: new Set(), excluded: new Set() };

/** Modules of Go: linked into executables, or required by a go.mod. */
export const golang: Ecosystem = { name: 'golang', wants, distil: distilExecutable, parse: parseGolang, capabilities };

function wants(path: string): boolean {
  if (path.endsWith('/modules.txt'))
    return VENDORED.test(path) && !OF_OTHERS.test(path.slice(0, -'vendor/modules.txt'.length));
  if (!path.endsWith('go.mod') && !path.endsWith('go.sum') && !path.endsWith('go.work')) return false;
  return LISTS.test(path) && !OF_OTHERS.test(path);
}

function parseGolang(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const beside = new Map(files.filter(({ distilled }) => !distilled).map((file) => [file.path, file]));
  const replacements = replacementsOf(files, context, inventory);
  for (const file of files) {
    if (file.distilled) readExecutableModules(file, context, inventory);
    else if (file.path.endsWith('go.mod'))
      readGoMod(file, beside, replacements.get(folderOf(file.path)) ?? [], context, inventory);
    else if (!beside.has(`${folderOf(file.path)}go.mod`)) {
      if (file.path.endsWith('go.sum')) readGoSum(file, NOTHING, context, inventory);
      else if (file.path.endsWith('modules.txt') && !beside.has(modBesideVendor(file.path)))
        readVendored(file, context, inventory);
    }
  }
  return inventory;
}

/** With its slash; empty for the root. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function modBesideVendor(path: string): string {
  return `${path.slice(0, -'vendor/modules.txt'.length)}go.mod`;
}

/** What the go.work files replace in each folder that they use. */
function replacementsOf(
  files: PackageFile[],
  context: EcosystemContext,
  inventory: Inventory,
): Map<string, readonly Replacement[]> {
  const result = new Map<string, readonly Replacement[]>();
  for (const file of files) {
    if (file.distilled || !file.path.endsWith('go.work')) continue;
    const folder = folderOf(file.path);
    const { uses, replacements } = parseGoMod(readText(file, context, inventory) ?? '');
    for (const use of uses) {
      const [used = ''] = joinPath(folder.slice(0, -1), use);
      result.set(used === '' ? '' : `${used}/`, replacements);
    }
  }
  return result;
}

/** Before Go 1.17 a go.mod names what the module imports itself; what was vendored, or its go.sum, tells the rest. */
function readGoMod(
  file: PackageFile,
  beside: ReadonlyMap<string, PackageFile>,
  replacements: readonly Replacement[],
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const mod = parseGoMod(text);
  if (mod.unreadable.length > 0 && mod.requirements.length === 0 && mod.release === undefined) {
    reportUnreadable(file, 'is no go.mod', context, inventory);
    return;
  }
  const locked = new LockedPackages(goComponent, MODULE_PATH);
  lockGoMod(mod, replacements, locked);
  locked.finish(file.path, context, inventory);
  if (mod.complete) return;
  const folder = folderOf(file.path);
  const vendored = beside.get(`${folder}vendor/modules.txt`);
  const sum = beside.get(`${folder}go.sum`);
  if (vendored !== undefined) readVendored(vendored, context, inventory);
  else if (sum !== undefined) readGoSum(sum, contextOf(mod, replacements), context, inventory);
}

function contextOf(mod: GoMod, overriding: readonly Replacement[]): GoSumContext {
  const known = new Set([...mod.requirements, ...mod.replacements, ...overriding].map(({ path }) => path));
  for (const { to } of [...mod.replacements, ...overriding]) known.add(to);
  return { known, excluded: mod.excluded };
}

function readGoSum(file: PackageFile, sum: GoSumContext, context: EcosystemContext, inventory: Inventory): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const locked = new LockedPackages(goComponent, MODULE_PATH);
  lockGoSum(text, sum, locked);
  locked.finish(file.path, context, inventory);
}

function readVendored(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const locked = new LockedPackages(goComponent, MODULE_PATH);
  if (!lockVendored(text, locked)) reportUnreadable(file, 'is no list of vendored modules', context, inventory);
  locked.finish(file.path, context, inventory);
}
