import type { ReleaseFile, StateFile } from '@breakwater/model';
import type { FileChange } from './release-index.ts';

/** Names in the order of the numbers that stand for them. */
const KINDS: readonly ReleaseFile['kind'][] = ['executable', 'library', 'script'];
const CHANGES: readonly (FileChange['change'] | undefined)[] = [undefined, 'added', 'altered'];
/** Stands for nothing among numbers of names. */
const NONE = -1;
const ALGORITHM = /^sha256:/;

/**
 * A file of a release as a row: kind, change, component, digest, folder and name of its path, the same of what it was called
 * before (a folder of -1 where it was not), then of each link. Folders and components are numbers: most files share theirs.
 */
export function packFile(
  file: ReleaseFile,
  change: FileChange | undefined,
  numberOf: (name: string) => number,
): StateFile {
  const { kind, digest = '', component, path, links = [] } = file;
  const placed = (whole: string): [number, string] => {
    const end = whole.lastIndexOf('/') + 1;
    return [numberOf(whole.slice(0, end)), whole.slice(end)];
  };
  return [
    KINDS.indexOf(kind),
    CHANGES.indexOf(change?.change),
    component === undefined ? NONE : numberOf(component),
    digest.replace(ALGORITHM, ':'),
    ...placed(path),
    ...(change?.was === undefined ? [NONE, ''] : placed(change.was)),
    ...links.flatMap(placed),
  ];
}

/** The file that `packFile` packed, and how it differs from the release before. */
export function unpackFile(row: StateFile, names: readonly string[]): { file: ReleaseFile; change?: FileChange } {
  const [kind, changed, component, digest] = row as [number, number, number, string];
  const nameAt = (place: number): string => names[place] ?? '';
  const pathAt = (at: number): string => `${nameAt(row[at] as number)}${row[at + 1]}`;
  const links: string[] = [];
  for (let at = 8; at < row.length; at += 2) links.push(pathAt(at));
  const change = CHANGES[changed];
  return {
    file: {
      path: pathAt(4),
      kind: KINDS[kind] ?? 'executable',
      ...(digest !== '' && { digest: digest.replace(/^:/, 'sha256:') }),
      ...(component !== NONE && { component: nameAt(component) }),
      ...(links.length > 0 && { links }),
    },
    ...(change !== undefined && { change: { change, ...(row[6] !== NONE && { was: pathAt(6) }) } }),
  };
}
