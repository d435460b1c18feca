import type { FileTree } from '../ecosystem.ts';
import { joinPath } from '../join-path.ts';
import { ownedFiles } from '../owned-files.ts';
import { linesOf } from '../read-text.ts';

/** What an installed distribution lists as its own. */
export interface Listing {
  /** The folder that modules are looked up in (`usr/lib/python3/dist-packages`), relative to the root. */
  folder: string;
  /** Paths relative to the root. */
  paths: string[];
}

/** Metadata: nothing that runs. */
const METADATA = /\.(?:dist|egg)-info(?:\/|$)/;

/**
 * The paths that each distribution owns, as few as may be: a folder of modules that no other distribution has a part in
 * stands for everything below it; in one that several share (a namespace package), each names what is its own.
 */
export function ownedPaths(listings: readonly Listing[], tree: FileTree): string[][] {
  const present = listings.map(({ folder, paths }) => ({
    prefix: folder === '' ? '' : `${folder}/`,
    paths: paths.filter((path) => !METADATA.test(path) && tree.isFile(path)),
  }));
  const owners = new Map<string, number>();
  for (const [index, { prefix, paths }] of present.entries()) {
    for (const folder of paths.flatMap((path) => foldersBelow(prefix, path))) {
      owners.set(folder, (owners.get(folder) ?? index) === index ? index : SHARED);
    }
  }
  return present.map(({ prefix, paths }, index) => {
    const whole = new Set<string>();
    const single: string[] = [];
    for (const path of paths) {
      const folder = foldersBelow(prefix, path).find((name) => owners.get(name) === index);
      if (folder === undefined) single.push(path);
      else whole.add(`/${folder}`);
    }
    return [...whole, ...ownedFiles(single, tree)];
  });
}

const SHARED = -1;
/** Modules lie less deep. */
const DEEPEST = 32;

/** `a/site/`, `a/site/b/c/d.py` -> `a/site/b/`, `a/site/b/c/`: from the shortest. */
function foldersBelow(prefix: string, path: string): string[] {
  const folders: string[] = [];
  if (!path.startsWith(prefix)) return folders;
  let slash = path.indexOf('/', prefix.length);
  for (; slash !== -1 && folders.length < DEEPEST; slash = path.indexOf('/', slash + 1)) {
    folders.push(path.slice(0, slash + 1));
  }
  return folders;
}

/** Paths of a RECORD file: `path,hash,size` a line, relative to the folder of modules. */
export function recordedPaths(record: string, folder: string): string[] {
  return [...linesOf(record)].flatMap((line) => {
    const path = line.slice(0, Math.max(0, line.lastIndexOf(',', line.lastIndexOf(',') - 1)));
    const isQuoted = path.startsWith('"') && path.endsWith('"');
    return joinPath(folder, isQuoted ? path.slice(1, -1).replaceAll('""', '"') : path);
  });
}

/** Paths of `installed-files.txt`, relative to the folder that it lies in. */
export function installedFiles(list: string, folder: string): string[] {
  return [...linesOf(list)].flatMap((line) => joinPath(folder, line));
}

/** Files of modules that are known by their names only; those that are not there are left out later. */
export function modulePaths(modules: string[], folder: string): string[] {
  return modules
    .filter((name) => /^\w{1,255}$/.test(name))
    .flatMap((name) => [`${name}/__init__.py`, `${name}.py`])
    .flatMap((path) => joinPath(folder, path));
}
