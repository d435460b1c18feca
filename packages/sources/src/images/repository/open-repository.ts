import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { type Unknown, UserError } from '@breakwater/model';
import type { OpenedTarget } from '../open-target.ts';
import { packFolder } from '../pack-folder.ts';
import { readTracked } from './git-index.ts';
import { INSTALLED_FOLDERS, isLockFile } from './lock-files.ts';
import { ProjectLedger } from './unlocked-projects.ts';

/**
 * Opens a source repository: the lock files and manifests of packages in it, for the parser behind the wall. No package
 * manager and no git is run. What git tracks is read, vendored copies too; of what it does not track only lock files,
 * for they decide what the next build on this machine takes, ignored or not; installed packages and the outputs of
 * builds are not. In a folder that is no checkout everything but installed packages is read.
 */
export async function openRepository(folder: string): Promise<OpenedTarget> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) {
    throw new UserError(`There is no folder at ${folder}`, {
      code: 'path-missing',
      hint: 'repository: takes a folder',
    });
  }
  const root = await realpath(folder);
  const unknowns: Unknown[] = [];
  const selects = selectFiles(await readTracked(root));
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

/** Which files and folders of a working tree count. */
function selectFiles(tracked: Set<string> | undefined): (path: string, isFolder: boolean) => boolean {
  const folders = tracked === undefined ? undefined : foldersOf(tracked);
  return (path, isFolder) => {
    const name = basename(path);
    if (name === '.git') return false;
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
