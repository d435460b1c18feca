import type { EcosystemContext, Inventory } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { type Fields, isFields, textOf } from '../read-text.ts';
import { NPM_NAME, npmComponent, readLicences } from './npm-component.ts';

/** Deepest nesting of `dependencies` that is followed: npm's own trees stay far below. */
const DEEPEST = 64;

/** What a lock file of version 1 (`dependencies`) or 2 and 3 (`packages`) would have installed, each package once. */
export function readLockFile(content: Fields, path: string, context: EcosystemContext, inventory: Inventory): void {
  const locked = new LockedPackages(npmComponent, NPM_NAME);
  if (isFields(content['packages'])) readPackages(content['packages'], locked);
  else if ('dependencies' in content) readDependencies(content['dependencies'], locked, 0);
  locked.finish(path, context, inventory);
}

function detailsOf(entry: Fields): { licences: string[]; development: boolean } {
  const development = entry['dev'] === true || entry['devOptional'] === true;
  return { licences: readLicences(entry['license']), development };
}

function readPackages(packages: Fields, locked: LockedPackages): void {
  const workspaces = namesOfWorkspaces(packages);
  for (const [key, entry] of Object.entries(packages)) {
    if (key === '') continue;
    if (!isFields(entry)) locked.skip();
    else if (entry['link'] !== true) {
      const name = textOf(entry, 'name') || (workspaces.get(key) ?? nameOfKey(key));
      locked.add(name, textOf(entry, 'version'), detailsOf(entry));
    }
  }
}

/** Folder of a workspace to its name: `node_modules/NAME` links to it. */
function namesOfWorkspaces(packages: Fields): Map<string, string> {
  const links = Object.entries(packages).flatMap(([key, entry]) => {
    const folder = isFields(entry) && entry['link'] === true ? entry['resolved'] : undefined;
    return typeof folder === 'string' ? [[folder, nameOfKey(key)] as const] : [];
  });
  return new Map(links);
}

/** `node_modules/a/node_modules/@b/c` names `@b/c`; a workspace folder is named by its last part. */
function nameOfKey(key: string): string {
  const marker = 'node_modules/';
  const at = key.lastIndexOf(marker);
  return at === -1 ? key.slice(key.lastIndexOf('/') + 1) : key.slice(at + marker.length);
}

function readDependencies(dependencies: unknown, locked: LockedPackages, depth: number): void {
  if (!isFields(dependencies) || depth > DEEPEST) {
    locked.skip();
    return;
  }
  for (const [key, entry] of Object.entries(dependencies)) {
    if (!isFields(entry)) {
      locked.skip();
      continue;
    }
    const stated = textOf(entry, 'version');
    const alias = /^npm:(.+)@([^@]+)$/.exec(stated);
    if (alias !== null) locked.add(alias[1]!, alias[2]!, detailsOf(entry));
    else locked.add(key, /^\d/.test(stated) ? stated : '', detailsOf(entry));
    if ('dependencies' in entry) readDependencies(entry['dependencies'], locked, depth + 1);
  }
}
