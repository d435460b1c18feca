import type { Distiller, Ecosystem, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { LineFinder } from '../line-finder.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readTomlText } from '../parse-toml.ts';
import { readJsonText, readText } from '../read-text.ts';
import { readArchiveMetadata } from './archive-metadata.ts';
import { capabilities } from './capabilities.ts';
import { readInstalled } from './installed.ts';
import { type LockReader, readPdmLock, readPipfileLock, readPoetryLock, readPylock } from './lock-files.ts';
import { Projects } from './projects.ts';
import { PYTHON_NAME, pythonComponent } from './python-component.ts';
import { readConstraints, readRequirements } from './requirements.ts';
import { readUvLock } from './uv-lock.ts';

const LOCK_FILES: ReadonlyMap<string, LockReader> = new Map([
  ['Pipfile.lock', readPipfileLock],
  ['poetry.lock', readPoetryLock],
  ['uv.lock', readUvLock],
  ['pdm.lock', readPdmLock],
  ['pylock.toml', readPylock],
]);
const NAMED_PYLOCK = /^pylock\.[^.]+\.toml$/;
const REQUIREMENTS =
  /(?:^|\/)(?:(?:(?:dev|tests?|docs?|lint|ci|build|base|prod)[-_.])?requirements(?:[-_.][\w.-]*)?|requirements\/[^/]+)\.txt$/;
const CONSTRAINTS = /(?:^|\/)constraints(?:[-_.][\w.-]*)?\.txt$/;
/** Files beside the metadata of an installed distribution that tell what it owns. */
const LISTS: ReadonlySet<string> = new Set(['RECORD', 'installed-files.txt', 'top_level.txt']);
/** Eggs, and wheels that are loaded as they lie; other wheels only wait to be installed. */
const LOADED = /\.egg$|(?:^|\/)(?:ensurepip\/_bundled|python-wheels)\/[^/]+\.whl$/;
/** Folders of what others wrote: lock files there say nothing of what is installed. */
const FOREIGN = /(?:^|\/)(?:site-packages|dist-packages|node_modules|usr\/share|usr\/src)\//;

/** Python distributions: installed, or listed by the lock files of pip, Pipenv, Poetry, uv and PDM. */
export const python: Ecosystem = { name: 'python', wants, distil, parse: parsePython, capabilities };

/** Last letters of everything that is wanted: most files of an image are told apart by theirs. */
const LAST_LETTERS = 'AODotkl';

function wants(path: string): boolean {
  if (!LAST_LETTERS.includes(path[path.length - 1] ?? ' ')) return false;
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  if (name === 'METADATA') return path.endsWith('.dist-info/METADATA');
  if (name === 'PKG-INFO') return path.endsWith('.egg-info/PKG-INFO') || path.endsWith('.egg/EGG-INFO/PKG-INFO');
  if (LISTS.has(name)) return path.startsWith('.dist-info', slash - 10) || path.startsWith('.egg-info', slash - 9);
  if (name.endsWith('.egg-info')) return true;
  if (name.endsWith('.txt')) return (REQUIREMENTS.test(path) || CONSTRAINTS.test(path)) && !FOREIGN.test(path);
  return (readerOf(name) !== undefined || name === 'pyproject.toml') && !FOREIGN.test(path);
}

/** Of an archive only its metadata is kept; one without is said to have none. */
const archiveDistiller: Distiller = {
  largest: 48 * 1024 * 1024,
  whole: (content) => Buffer.from(readArchiveMetadata(content) ?? ''),
};

function distil({ path, bytes }: FileHead): Distiller | undefined {
  if (!path.endsWith('.egg') && !path.endsWith('.whl')) return undefined;
  return LOADED.test(path) && bytes.toString('latin1', 0, 2) === 'PK' ? archiveDistiller : undefined;
}

function readerOf(name: string): LockReader | undefined {
  const known = LOCK_FILES.get(name);
  return known ?? (name.startsWith('pylock.') && NAMED_PYLOCK.test(name) ? readPylock : undefined);
}

function parsePython(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  readInstalled(files, context, inventory);
  const hasInstalled = inventory.components.length > 0;
  const byPath = new Map(files.map((file) => [file.path, file]));
  const projects = new Projects(files, context, inventory);
  const pins = new Map<string, ReadonlyMap<string, string>>();
  const pinsOf = (path: string): ReadonlyMap<string, string> | undefined => {
    const file = pins.has(path) ? undefined : byPath.get(path);
    if (file !== undefined) pins.set(path, readConstraints(readText(file, context, inventory) ?? ''));
    return pins.get(path);
  };
  const isRead = (path: string): boolean => byPath.has(path);
  for (const file of files) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const read = readerOf(name);
    if (read !== undefined) readLockFile(file, read, projects, context, inventory);
    else if (name.endsWith('.txt') && !LISTS.has(name) && !CONSTRAINTS.test(file.path))
      readRequirements(file, { isRead, pinsOf, hasInstalled }, context, inventory);
  }
  if (!hasInstalled) projects.readUnlocked((name) => readerOf(name) !== undefined);
  return inventory;
}

function readLockFile(
  file: PackageFile,
  read: LockReader,
  projects: Projects,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const isJson = read === readPipfileLock;
  const document = isJson ? readJsonText(file, context, inventory) : readTomlText(file, context, inventory);
  if (document === undefined) return;
  const locked = new LockedPackages(pythonComponent, PYTHON_NAME);
  const lines = new LineFinder(document.text);
  read(document.content, locked, { lines, project: projects.beside(file.path) });
  locked.finish(file.path, context, inventory);
}
