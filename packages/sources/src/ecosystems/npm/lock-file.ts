import type { EcosystemContext, Inventory } from '../ecosystem.ts';
import { isIdentity } from '../purl-of.ts';
import { npmComponent, readLicences } from './npm-component.ts';

type Entry = Record<string, unknown>;

/** Deepest nesting of `dependencies` that is followed: npm's own trees stay far below. */
const DEEPEST = 64;

/** What a lock file of version 1 (`dependencies`) or 2 and 3 (`packages`) would have installed, each package once. */
export function readLockFile(content: Entry, path: string, context: EcosystemContext, inventory: Inventory): void {
  const found = new Map<string, { name: string; version: string; licences: string[]; development: boolean }>();
  const add = (name: string, version: string, entry: Entry): void => {
    if (!isIdentity(name) || version.length > 1024) return;
    const development = entry['dev'] === true || entry['devOptional'] === true;
    const known = found.get(`${name}\0${version}`);
    if (known !== undefined) known.development &&= development;
    else found.set(`${name}\0${version}`, { name, version, licences: readLicences(entry['license']), development });
  };
  const complete = isEntry(content['packages'])
    ? readPackages(content['packages'], add)
    : !('dependencies' in content) || readDependencies(content['dependencies'], add, 0);
  for (const item of found.values()) {
    inventory.components.push(npmComponent({ ...item, path, scope: 'locked', files: [] }));
  }
  if (complete) return;
  inventory.unknowns.push({
    code: 'package-incomplete',
    message: 'Entries of a lock file have a wrong form: packages may be missing',
    place: { source: context.target, path: `/${path}` },
  });
}

type Add = (name: string, version: string, entry: Entry) => void;

function readPackages(packages: Entry, add: Add): boolean {
  let complete = true;
  const workspaces = namesOfWorkspaces(packages);
  for (const [key, entry] of Object.entries(packages)) {
    if (key === '') continue;
    if (!isEntry(entry)) complete = false;
    else if (entry['link'] !== true) {
      const name = typeof entry['name'] === 'string' ? entry['name'] : (workspaces.get(key) ?? nameOfKey(key));
      add(name, typeof entry['version'] === 'string' ? entry['version'] : '', entry);
    }
  }
  return complete;
}

/** Folder of a workspace to its name: `node_modules/NAME` links to it. */
function namesOfWorkspaces(packages: Entry): Map<string, string> {
  const links = Object.entries(packages).flatMap(([key, entry]) => {
    const folder = isEntry(entry) && entry['link'] === true ? entry['resolved'] : undefined;
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

function readDependencies(dependencies: unknown, add: Add, depth: number): boolean {
  if (!isEntry(dependencies) || depth > DEEPEST) return false;
  let complete = true;
  for (const [key, entry] of Object.entries(dependencies)) {
    if (!isEntry(entry)) {
      complete = false;
      continue;
    }
    const stated = typeof entry['version'] === 'string' ? entry['version'] : '';
    const alias = /^npm:(.+)@([^@]+)$/.exec(stated);
    if (alias !== null) add(alias[1]!, alias[2]!, entry);
    else add(key, /^\d/.test(stated) ? stated : '', entry);
    if ('dependencies' in entry) complete = readDependencies(entry['dependencies'], add, depth + 1) && complete;
  }
  return complete;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
