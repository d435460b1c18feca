import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type IndentedMap, type IndentedValue, parseIndentedMaps } from '../indented-map.ts';
import { LineFinder } from '../line-finder.ts';
import { type GraphPackage, lockGraph } from '../lock-graph.ts';
import { LockedPackages } from '../locked-packages.ts';
import { isInModules } from '../npm/module-folder.ts';
import { NPM_NAME, npmComponent } from '../npm/npm-component.ts';
import { readText } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { mapOf, needsOf, projectsOf } from './lock-graph-of.ts';
import { identityOf } from './package-key.ts';

/** pnpm's lock files, of every version from 5 to 9. */
export const pnpm: Ecosystem = {
  name: 'pnpm',
  wants: (path) =>
    path.endsWith('pnpm-lock.yaml') &&
    (path === 'pnpm-lock.yaml' || path.endsWith('/pnpm-lock.yaml')) &&
    !isInModules(path),
  parse: parsePnpm,
  capabilities,
};

function parsePnpm(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const locked = new LockedPackages(npmComponent, NPM_NAME);
    const lines = new LineFinder(text);
    for (const { root, oddLines } of parseIndentedMaps(text)) {
      for (const line of oddLines) locked.skip(line);
      readDocument(root, lines, locked);
    }
    locked.finish(file.path, context, inventory);
  }
  return inventory;
}

/**
 * pnpm 11 puts what it needs itself into a document of its own before the project's. From version 9 on `snapshots` hold
 * what each package needs, once for each choice of peers.
 */
function readDocument(root: IndentedMap, lines: LineFinder, locked: LockedPackages): void {
  const stated = root.get('lockfileVersion');
  const version = typeof stated === 'string' ? Number.parseFloat(stated) : Number.NaN;
  const packages = root.get('packages');
  if (Number.isNaN(version) || (packages !== undefined && typeof packages === 'string')) {
    locked.skip();
    return;
  }
  const snapshots = Map.groupBy(mapOf(root.get('snapshots')), ([key]) => withoutPeers(key));
  const keys = new Set([...(packages ?? new Map()).keys(), ...mapOf(root.get('snapshots')).keys()]);
  const graph = new Map<string, GraphPackage<string>>();
  for (const [key, entry] of packages ?? []) {
    if (typeof entry === 'string') {
      locked.skip();
      continue;
    }
    const line = lines.find(`\n  ${key.includes('@') && version >= 9 && key.startsWith('@') ? `'${key}'` : key}:`);
    const identity = identityOf(key, version);
    const details = {
      name: text(entry.get('name')) || (identity?.name ?? ''),
      version: text(entry.get('version')) || (identity?.version ?? ''),
      line,
      ...(entry.has('dev') && { development: text(entry.get('dev')) === 'true' }),
    };
    for (const [place, snapshot] of snapshots.get(key) ?? [[key, entry] as const])
      graph.set(place, { ...details, needs: needsOf(mapOf(snapshot), keys) });
  }
  lockGraph(graph, projectsOf(root, keys), locked);
}

function withoutPeers(key: string): string {
  const parenthesis = key.indexOf('(');
  return parenthesis === -1 ? key : key.slice(0, parenthesis);
}

function text(value: IndentedValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
