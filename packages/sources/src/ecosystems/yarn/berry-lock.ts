import { type IndentedMap, parseIndentedMaps } from '../indented-map.ts';
import { joinPath } from '../join-path.ts';
import { LineFinder } from '../line-finder.ts';
import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import type { LockedPackages } from '../locked-packages.ts';
import { folderOf, type Manifests } from '../npm/manifest.ts';
import { Patterns } from './patterns.ts';

interface Resolved {
  entry: IndentedMap;
  name: string;
  /** What follows the name: `npm:1.0.0`, `workspace:packages/a`. */
  reference: string;
  version: string;
  line: number | undefined;
}

const WORKSPACE = 'workspace:';

/**
 * Reads a lock file of yarn 2 or later. `resolution` names the package itself, whatever it is called by who depends on
 * it: `"ansi-regex@npm:5.0.1"`. Workspaces are the project's own: their `package.json` tells their version, and what
 * they need for development only.
 */
export function readBerryLock(text: string, path: string, manifests: Manifests, locked: LockedPackages): void {
  const patterns = new Patterns<Resolved>();
  const found: Resolved[] = [];
  const lines = new LineFinder(text);
  for (const { root, oddLines } of parseIndentedMaps(text)) {
    for (const line of oddLines) locked.skip(line);
    for (const [key, entry] of root) {
      if (key === '__metadata') continue;
      const resolved = typeof entry === 'string' ? undefined : resolve(entry, lines.find(`"${key}"`));
      if (resolved === undefined) {
        locked.skip();
        continue;
      }
      found.push(resolved);
      patterns.add(resolved, key.split(', '));
    }
  }
  const patched = Map.groupBy(
    found.filter(({ reference }) => reference.startsWith('patch:')),
    ({ name, version }) => `${name}@${version}`,
  );
  const targetsOf = (needs: [string, string][]): Resolved[] =>
    patterns
      .findAll(needs)
      .flatMap((item) => [item, ...(patched.get(`${item.name}@${item.version}`) ?? []).slice(0, 1)]);
  const graph = new Map<Resolved, GraphPackage<Resolved>>();
  const projects: GraphProject<Resolved>[] = [];
  for (const item of found) {
    const { name, version, line, reference, entry } = item;
    if (reference.startsWith(WORKSPACE)) projects.push(projectOf(item, folderOf(path), manifests, targetsOf));
    else graph.set(item, { name, version, line, needs: targetsOf(needsOf(entry)) });
  }
  lockGraph(graph, projects, locked);
}

function resolve(entry: IndentedMap, line: number | undefined): Resolved | undefined {
  const resolution = entry.get('resolution');
  const version = entry.get('version');
  const at = typeof resolution === 'string' ? resolution.indexOf('@', 1) : -1;
  if (typeof resolution !== 'string' || typeof version !== 'string' || at === -1) return undefined;
  return { entry, name: resolution.slice(0, at), reference: resolution.slice(at + 1), version, line };
}

function projectOf(
  key: Resolved,
  folder: string,
  manifests: Manifests,
  targetsOf: (needs: [string, string][]) => Resolved[],
): GraphProject<Resolved> {
  const place = key.reference.slice(WORKSPACE.length);
  const isRoot = place === '.';
  const manifest = manifests.of(isRoot ? folder : (joinPath(folder, place)[0] ?? ''));
  const needs = needsOf(key.entry);
  const isDeveloped = ([name]: [string, string]): boolean => manifest?.develops.has(name) ?? false;
  const relationship = isRoot ? ('root' as const) : ('workspace' as const);
  return {
    ships: targetsOf(needs.filter((need) => !isDeveloped(need))),
    develops: targetsOf(needs.filter(isDeveloped)),
    ...(manifest !== undefined && {
      listed: { key, name: manifest.name || key.name, version: manifest.version, relationship, line: key.line },
    }),
  };
}

function needsOf(entry: IndentedMap): [name: string, range: string][] {
  const dependencies = entry.get('dependencies');
  if (dependencies === undefined || typeof dependencies === 'string') return [];
  return [...dependencies].map(([name, range]) => [name, typeof range === 'string' ? range : '']);
}
