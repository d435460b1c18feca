import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { distilExecutable, readExecutableModules } from './executable-modules.ts';
import { goComponent, MODULE_PATH } from './go-component.ts';
import { lockGoMod, parseGoMod } from './go-mod.ts';
import { lockGoSum } from './go-sum.ts';

/** Sources of dependencies and of Go itself: what is built from them is listed elsewhere. */
const OF_OTHERS = /(?:^|\/)(?:pkg\/mod|vendor|testdata|node_modules)\/|^usr\/(?:local|lib)\/go[^/]*\//;

/** Modules of Go: linked into executables, or required by a go.mod. */
export const golang: Ecosystem = {
  name: 'golang',
  wants: (path) =>
    (path.endsWith('go.mod') || path.endsWith('go.sum')) &&
    /(?:^|\/)go\.(?:mod|sum)$/.test(path) &&
    !OF_OTHERS.test(path),
  distil: distilExecutable,
  parse: parseGolang,
  capabilities,
};

function parseGolang(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const sums = new Map(files.filter(({ path }) => path.endsWith('go.sum')).map((file) => [file.path, file]));
  for (const file of files) {
    if (file.distilled) readExecutableModules(file, context, inventory);
    else if (file.path.endsWith('go.mod')) {
      const sumPath = file.path.replace(/mod$/, 'sum');
      readGoMod(file, sums.get(sumPath), context, inventory);
      sums.delete(sumPath);
    }
  }
  for (const file of sums.values()) readGoSum(file, new Set(), context, inventory);
  return inventory;
}

/** Before Go 1.17 a go.mod names what the module imports itself, and its go.sum the rest. */
function readGoMod(
  file: PackageFile,
  sum: PackageFile | undefined,
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
  lockGoMod(mod, locked);
  locked.finish(file.path, context, inventory);
  const known = new Set([...mod.requirements, ...mod.replacements].map(({ path }) => path));
  for (const { to } of mod.replacements) known.add(to);
  if (!mod.complete && sum !== undefined) readGoSum(sum, known, context, inventory);
}

function readGoSum(file: PackageFile, known: Set<string>, context: EcosystemContext, inventory: Inventory): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const locked = new LockedPackages(goComponent, MODULE_PATH);
  lockGoSum(text, known, locked);
  locked.finish(file.path, context, inventory);
}
