import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type Unknown, UserError } from '@breakwater/model';
import { isRootFolder } from '../detect-image.ts';
import type { OpenedTarget } from '../open-target.ts';
import { packFolder } from '../pack-folder.ts';
import { readTracked } from './git-index.ts';
import { INSTALLED_FOLDERS, isLockFile } from './lock-files.ts';
import { ProjectLedger } from './unlocked-projects.ts';

/**
 * Opens a source repository: the lock files and manifests of packages in it, for the parser behind the wall. No package
 * manager and no git is run. What git tracks is read, vendored copies too; of what it does not track only lock files,
 * for they decide what the next build on this machine takes, ignored or not; installed packages and the outputs of
 * builds are not. In a folder that is no checkout everything but installed packages and root file systems (images of
 * their own) is read. Of a file, only itself.
 */
export async function openRepository(target: string): Promise<OpenedTarget> {
  const found = await stat(target).catch(() => undefined);
  if (found === undefined || !(found.isDirectory() || found.isFile())) {
    throw new UserError(`There is no folder and no file at ${target}`, {
      code: 'path-missing',
      hint: 'repository: takes a folder, or a lock file',
    });
  }
  const folder = found.isFile() ? dirname(target) : target;
  const root = await realpath(folder);
  const unknowns: Unknown[] = [];
  const selects = found.isFile() ? selectFile(basename(target)) : selectFiles(root, await readTracked(root));
  const projects = new ProjectLedger();
  const isWanted = (path: string, isFolder: boolean): boolean => {
    const wanted = selects(path, isFolder);
    if (wanted && !isFolder) projects.note(path);
    return wanted;
  };
  async function* pack(): AsyncGenerator<Buffer> {
    yield* packFolder(root, (unknown) => unknowns.push(unknown), { isWanted });
    const unlocked = await projects.unlocked(root, folder);
    if (unlocked !== undefined) unknowns.push(unlocked);
  }
  const stream = Readable.from(pack(), { objectMode: false });
  const close = async (): Promise<void> => void stream.destroy();
  return { opened: { kind: 'packed-folder', source: 'repository' }, files: [stream], unknowns, close };
}

type Selection = (path: string, isFolder: boolean) => boolean;

function selectFile(name: string): Selection {
  return (path, isFolder) => !isFolder && path === name;
}

/** Which files and folders of a working tree count. */
function selectFiles(root: string, tracked: Set<string> | undefined): Selection {
  const folders = tracked === undefined ? undefined : foldersOf(tracked);
  return (path, isFolder) => {
    const name = basename(path);
    if (name === '.git') return false;
    if (isFolder && tracked === undefined && isRootFolder(join(root, path))) return false;
    if (isFolder) return folders?.has(path) === true || !INSTALLED_FOLDERS.has(name);
    return tracked === undefined || tracked.has(path) || isLockFile(name);
  };
}

function foldersOf(paths: Set<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
