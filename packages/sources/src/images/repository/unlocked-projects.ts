import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Unknown } from '@breakwater/model';

/** A file that asks for packages, the lock files that would say which, and what asks for any at all. */
interface ProjectKind {
  manifest: string;
  locks: RegExp;
  asks: RegExp;
}

/** Lock files of a parent folder count too: of workspaces there is one for all. */
const KINDS: ProjectKind[] = [
  {
    manifest: 'package.json',
    locks: /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock)$/,
    asks: /"(?:dependencies|optionalDependencies)"\s*:\s*\{\s*"/,
  },
  {
    manifest: 'pyproject.toml',
    locks: /^(?:poetry\.lock|uv\.lock|pdm\.lock|pylock(?:\..+)?\.toml|Pipfile\.lock|requirements.*\.txt)$/,
    asks: /^(?:dependencies\s*=\s*\[\s*["']|\[tool\.poetry\.dependencies\])/m,
  },
  { manifest: 'Cargo.toml', locks: /^Cargo\.lock$/, asks: /^\[(?:[^\]\r\n\u2028\u2029]+\.)?dependencies[.\]]/m },
  { manifest: 'Gemfile', locks: /^(?:Gemfile|gems)\.lock(?:ed)?$/, asks: /^[ \t]*gem[\s(]/m },
  { manifest: 'composer.json', locks: /^composer\.lock$/, asks: /"require"\s*:\s*\{\s*"/ },
];

const LARGEST_MANIFEST = 1024 * 1024;
const MOST_PROJECTS = 10_000;
const SHOWN = 3;

/** Notes, while a source tree is walked, which projects ask for packages and where lock files are. */
export class ProjectLedger {
  readonly #manifests: { path: string; kind: ProjectKind }[] = [];
  readonly #locks = new Set<string>();

  /** A file of the tree. */
  note(path: string): void {
    const name = basename(path);
    for (const kind of KINDS) {
      if (kind.manifest === name && this.#manifests.length < MOST_PROJECTS) this.#manifests.push({ path, kind });
      if (kind.locks.test(name)) this.#locks.add(`${kind.manifest} ${dirname(path)}`);
    }
  }

  /** That some projects ask for packages and no lock file says which versions they get; undefined where all are locked. */
  async unlocked(root: string, source: string): Promise<Unknown | undefined> {
    const found: string[] = [];
    for (const { path, kind } of this.#manifests) {
      if (this.#isLocked(path, kind)) continue;
      const text = await readFile(join(root, path), 'utf8').catch(() => '');
      if (text.length <= LARGEST_MANIFEST && kind.asks.test(text)) found.push(path);
    }
    const [first] = found;
    if (first === undefined) return undefined;
    const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : '';
    return {
      code: 'lock-file-missing',
      message: `${found.slice(0, SHOWN).join(', ')}${more}: no lock file says which versions of packages are taken`,
      place: { source, path: `/${first}` },
      hint: 'commit the lock file that the package manager writes, or scan the image that is built',
    };
  }

  #isLocked(path: string, { manifest }: ProjectKind): boolean {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if (this.#locks.has(`${manifest} ${folder}`)) return true;
      if (folder === '.') return false;
    }
  }
}
