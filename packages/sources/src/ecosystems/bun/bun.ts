import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LineFinder } from '../line-finder.ts';
import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import { LockedPackages } from '../locked-packages.ts';
import { isInModules } from '../npm/module-folder.ts';
import { NPM_NAME, npmComponent } from '../npm/npm-component.ts';
import { type Fields, fieldsOf, isFields, parseJson, readText, reportUnreadable, textOf } from '../read-text.ts';
import { readBinaryLock } from './binary-lock.ts';
import { capabilities } from './capabilities.ts';
import { dependenciesOf, resolveDependency } from './dependency-graph.ts';
import { toJson } from './jsonc.ts';

const WORKSPACE = 'workspace:';
const LOCK_FILE = /(?:^|\/)bun\.lockb?$/;

/** bun's lock files: text, `bun.lock`, and the binary `bun.lockb` of older releases where no text is beside it. */
export const bun: Ecosystem = {
  name: 'bun',
  wants: (path) =>
    (path.endsWith('bun.lock') || path.endsWith('bun.lockb')) && LOCK_FILE.test(path) && !isInModules(path),
  parse: parseBun,
  capabilities,
};

function parseBun(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const texts = new Set(files.map(({ path }) => path));
  for (const file of files) {
    if (file.path.endsWith('.lockb')) {
      if (!texts.has(file.path.slice(0, -1))) readBinary(file, context, inventory);
      continue;
    }
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const content = parseJson(toJson(text));
    if (isFields(content) && typeof content['lockfileVersion'] === 'number') {
      const locked = new LockedPackages(npmComponent, NPM_NAME);
      readLock(content, text, locked);
      locked.finish(file.path, context, inventory);
    } else reportUnreadable(file, 'is no lock file of bun', context, inventory);
  }
  return inventory;
}

function readBinary(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const locked = new LockedPackages(npmComponent, NPM_NAME);
  if (readBinaryLock(file.bytes, locked)) locked.finish(file.path, context, inventory);
  else reportBinary(file, context, inventory);
}

function reportBinary({ path }: PackageFile, { target }: EcosystemContext, { unknowns }: Inventory): void {
  unknowns.push({
    code: 'package-file-unsupported',
    message: 'A binary lock file of bun has a form that is not known: what it names is not known',
    place: { source: target, path: `/${path}` },
    hint: 'Let bun write the text form: bun install --save-text-lockfile --frozen-lockfile --lockfile-only',
  });
}

/** `packages` maps a place in the tree (`a/b`: the `b` that `a` gets) to a list that begins with `name@version`. */
function readLock(content: Fields, text: string, locked: LockedPackages): void {
  const packages = new Map(Object.entries(fieldsOf(content, 'packages')));
  const workspaces = Object.entries(fieldsOf(content, 'workspaces')).filter(([, workspace]) => isFields(workspace));
  const resolve = (parent: string, names: string[]): string[] =>
    names.flatMap((name) => resolveDependency(parent, name, packages) ?? []);
  const lines = new LineFinder(text);
  const graph = new Map<string, GraphPackage<string>>();
  const listed = new Map<string, { key: string; name: string; line: number | undefined }>();
  for (const [key, entry] of packages) {
    const identity = Array.isArray(entry) ? entry[0] : undefined;
    const at = typeof identity === 'string' ? identity.indexOf('@', 1) : -1;
    const line = lines.findKey(key, '[');
    if (typeof identity !== 'string' || at === -1) {
      locked.skip();
      continue;
    }
    const [name, version] = [identity.slice(0, at), identity.slice(at + 1)];
    if (version.startsWith(WORKSPACE)) listed.set(version.slice(WORKSPACE.length), { key, name, line });
    if (/^(?:workspace|root|link):/.test(version)) continue;
    const needs = resolve(key, dependenciesOf(detailsOf(entry)));
    graph.set(key, { name, version: /^\d/.test(version) ? version : '', line, needs });
  }
  const projects = workspaces.map(([folder, stated]): GraphProject<string> => {
    const workspace = stated as Fields;
    const item = listed.get(folder);
    const relationship = folder === '' ? ('root' as const) : ('workspace' as const);
    return {
      ships: resolve(textOf(workspace, 'name'), dependenciesOf(workspace)),
      develops: resolve(textOf(workspace, 'name'), Object.keys(fieldsOf(workspace, 'devDependencies'))),
      ...(item !== undefined && { listed: { ...item, version: textOf(workspace, 'version'), relationship } }),
    };
  });
  lockGraph(graph, projects, locked);
}

/** The object of an entry that names its dependencies: its place depends on where the package is from. */
function detailsOf(entry: unknown): Fields {
  return (Array.isArray(entry) ? entry.find(isFields) : undefined) ?? {};
}
