import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LineFinder } from '../line-finder.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readTomlText } from '../parse-toml.ts';
import { describesProject, type Pyproject, readPyproject } from './pyproject.ts';
import { PYTHON_NAME, pythonComponent } from './python-component.ts';
import { pinOf, reportOpen } from './requirements.ts';

const NAME = 'pyproject.toml';

/** The `pyproject.toml` files of a target: what their projects ask for, for lock files beside them or on its own. */
export class Projects {
  readonly #files: Map<string, PackageFile>;
  readonly #paths: string[];
  readonly #context: EcosystemContext;
  readonly #inventory: Inventory;

  constructor(files: PackageFile[], context: EcosystemContext, inventory: Inventory) {
    this.#paths = files.map(({ path }) => path);
    const own = files.filter(({ path }) => path === NAME || path.endsWith(`/${NAME}`));
    this.#files = new Map(own.map((file) => [folderOf(file.path), file]));
    this.#context = context;
    this.#inventory = inventory;
  }

  /** What the project asks for in whose folder a lock file is; what is wrong with it is said once, by `readUnlocked`. */
  beside(path: string): Pyproject | undefined {
    const file = this.#files.get(folderOf(path));
    const read = file && readTomlText(file, this.#context, { components: [], unknowns: [] });
    return read && readPyproject(read.content);
  }

  /**
   * Reads the projects that no lock file and no list of requirements is beside or above: what they pin is known, all
   * else is open. `isLock` tells lock files by their name.
   */
  readUnlocked(isLock: (name: string) => boolean): void {
    const settled = new Set<string>();
    for (const path of this.#paths) {
      if (path.endsWith('.txt') || isLock(path.slice(path.lastIndexOf('/') + 1))) settled.add(folderOf(path));
    }
    for (const [folder, file] of this.#files) {
      const isSettled = [...foldersAbove(folder)].some((above) => settled.has(above));
      const read = readTomlText(file, this.#context, this.#inventory);
      if (read !== undefined && !isSettled && describesProject(read.content)) {
        this.#readOpen(file, readPyproject(read.content), new LineFinder(read.text));
      }
    }
  }

  #readOpen(file: PackageFile, { requirements, hasTables }: Pyproject, lines: LineFinder): void {
    const locked = new LockedPackages(pythonComponent, PYTHON_NAME);
    const open: { line: number | undefined; message: string }[] = [];
    for (const requirement of requirements) {
      const pin = pinOf(requirement);
      const line = lines.find(requirement);
      if (pin !== undefined) locked.add(pin.name, pin.version, { line, relationship: 'direct' });
      else open.push({ line, message: 'A requirement is not pinned to a version: what gets installed is not known' });
    }
    if (hasTables)
      open.push({ line: lines.find('[tool.poetry'), message: 'Requirements of Poetry without a poetry.lock' });
    locked.finish(file.path, this.#context, this.#inventory);
    reportOpen(open, file.path, this.#context, this.#inventory);
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A folder, and those above it up to the root. */
function* foldersAbove(folder: string): Generator<string> {
  for (let at = folder; ; at = folderOf(at)) {
    yield at;
    if (at === '') return;
  }
}
