import type { FileTree } from './ecosystem.ts';

/** Folders whose files are read by people, or are data that nothing loads as code. */
const DOCUMENTS =
  /^usr\/(?:local\/)?share\/(?:doc|doc-base|man|info|locale|lintian|bug|gtk-doc|help|licenses|common-licenses|zoneinfo|i18n|icons|pixmaps|bash-completion|zsh|fish)\/|^usr\/include\/|\.(?:md|txt|html|gz|png|svg|mo|po)$/;

/**
 * The paths of a package that can run or be loaded, with a leading slash. Folders and what is not there are left out.
 * Where a folder on the way is a link (`/lib` in a merged `/usr`), the path is given in both spellings: kernel events
 * name the real one, file events the one that the program used.
 */
export function ownedFiles(paths: Iterable<string>, tree: FileTree): string[] {
  const owned = new Set<string>();
  for (const path of paths) {
    if (DOCUMENTS.test(path) || !tree.isFile(path)) continue;
    owned.add(`/${path}`);
    const slash = path.lastIndexOf('/');
    const folder = slash === -1 ? '' : tree.resolve(path.slice(0, slash));
    if (folder !== undefined && folder !== path.slice(0, slash)) owned.add(`/${folder}${path.slice(slash)}`);
  }
  return [...owned];
}
