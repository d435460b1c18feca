import type { LineFinder } from '../line-finder.ts';
import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import type { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, textOf } from '../read-text.ts';
import { NPM_NAME, readLicences } from './npm-component.ts';
import { workspacesOf } from './workspaces.ts';

const MARKER = 'node_modules/';
/** What a package needs to run; peers too, for npm installs them. */
const NEEDED = ['dependencies', 'optionalDependencies', 'peerDependencies'];
/** Longest way of a folder up to the root that is gone. */
const LONGEST_PLACE = 4096;

/**
 * The `packages` of a lock file of version 2 or 3: what lies in which folder, `node_modules/a/node_modules/b`. The root
 * is the project; folders outside of `node_modules` are its workspaces, to which links lead.
 */
export function lockPlacedPackages(packages: Fields, locked: LockedPackages, lines: LineFinder): void {
  const folders = new Map<string, Fields>();
  for (const [key, entry] of Object.entries(packages)) {
    if (isFields(entry)) folders.set(key, entry);
    else locked.skip();
  }
  const names = namesOfFolders(folders);
  const find = (place: string, fields: readonly Fields[]): string[] =>
    fields.flatMap((field) => Object.keys(field).flatMap((name) => folderOf(place, name, folders) ?? []));
  const workspaces = workspacesOf(folders.get('') ?? {});
  const graph = new Map<string, GraphPackage<string>>();
  const projects: GraphProject<string>[] = [];
  for (const [key, entry] of folders) {
    if (entry['link'] === true) continue;
    const ships = find(key, listsOf(entry, NEEDED));
    const develops = find(key, listsOf(entry, ['devDependencies']));
    const name = textOf(entry, 'name') || (names.get(key) ?? nameOfKey(key));
    const item = { name, version: textOf(entry, 'version') };
    if (key === '') projects.push({ ships, develops });
    else if (!key.includes(MARKER) && workspaces.has(key)) {
      const listed = { key, ...item, relationship: 'workspace' as const, line: lines.findKey(key) };
      projects.push({ ships, develops, listed });
    } else {
      const licences = readLicences(entry['license']);
      const development = entry['dev'] === true;
      graph.set(key, { ...item, development, licences, line: lines.findKey(key), needs: ships });
    }
  }
  lockGraph(graph, projects, locked);
}

function listsOf(entry: Fields, names: string[]): Fields[] {
  return names.map((name) => fieldsOf(entry, name));
}

/** Folder outside of `node_modules` to its name: `node_modules/NAME` links to it. */
function namesOfFolders(folders: ReadonlyMap<string, Fields>): Map<string, string> {
  const links = [...folders].flatMap(([key, entry]) => {
    const folder = entry['link'] === true ? entry['resolved'] : undefined;
    return typeof folder === 'string' ? [[folder, nameOfKey(key)] as const] : [];
  });
  return new Map(links);
}

/** `node_modules/a/node_modules/@b/c` names `@b/c`; a workspace folder is named by its last part. */
function nameOfKey(key: string): string {
  const at = key.lastIndexOf(MARKER);
  return at === -1 ? key.slice(key.lastIndexOf('/') + 1) : key.slice(at + MARKER.length);
}

/** Where Node.js finds a package from a folder: in its `node_modules`, or in that of a folder above. */
function folderOf(place: string, name: string, folders: ReadonlyMap<string, Fields>): string | undefined {
  if (!NPM_NAME.test(name)) return undefined;
  for (let at = place.length > LONGEST_PLACE ? '' : place; ; at = above(at)) {
    const key = `${at === '' ? '' : `${at}/`}${MARKER}${name}`;
    const entry = folders.get(key);
    if (entry !== undefined) return entry['link'] === true ? textOf(entry, 'resolved') : key;
    if (at === '') return undefined;
  }
}

/** The folder above that may hold `node_modules`. */
function above(place: string): string {
  const slash = place.lastIndexOf('/');
  const folder = slash === -1 ? '' : place.slice(0, slash);
  if (folder === 'node_modules') return '';
  return folder.endsWith('/node_modules') ? folder.slice(0, -'/node_modules'.length) : folder;
}
