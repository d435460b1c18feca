import type { LineFinder } from '../line-finder.ts';
import { type GraphPackage, lockGraph } from '../lock-graph.ts';
import type { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../read-text.ts';
import { childrenOf, type XmlElement } from '../xml/read-xml.ts';

/** A `packages.lock.json`: for each framework the packages, each as it was resolved. Names are of any case. */
export function lockPackages(document: Fields, locked: LockedPackages, lines: LineFinder): void {
  for (const [framework, stated] of Object.entries(fieldsOf(document, 'dependencies'))) {
    lines.findKey(framework);
    const graph = new Map<string, GraphPackage<string>>();
    const ships: string[] = [];
    for (const [name, entry] of Object.entries(isFields(stated) ? stated : {})) {
      const line = lines.findKey(name);
      if (!isFields(entry)) {
        locked.skip(line);
        continue;
      }
      const type = textOf(entry, 'type');
      const needs = Object.keys(fieldsOf(entry, 'dependencies')).map(keyOf);
      if (type === 'Direct') ships.push(keyOf(name));
      if (type === 'Project') ships.push(...needs);
      else graph.set(keyOf(name), { name, version: textOf(entry, 'resolved'), line, needs });
    }
    lockGraph(graph, [{ ships, develops: [] }], locked);
  }
}

/** A `project.assets.json`, which a restore writes: `libraries` of `Name/1.0.0`, and what they need in `targets`. */
export function lockAssets(document: Fields, locked: LockedPackages, lines: LineFinder): void {
  const needs = new Map<string, Set<string>>();
  for (const target of Object.values(fieldsOf(document, 'targets')).filter(isFields)) {
    for (const [key, entry] of Object.entries(target)) {
      const known = needs.get(key) ?? new Set();
      needs.set(key, known);
      for (const name of Object.keys(isFields(entry) ? fieldsOf(entry, 'dependencies') : {})) known.add(keyOf(name));
    }
  }
  const byName = new Map<string, string>();
  const graph = new Map<string, GraphPackage<string>>();
  lines.findKey('libraries');
  for (const [key, library] of Object.entries(fieldsOf(document, 'libraries'))) {
    const slash = key.indexOf('/');
    const line = lines.findKey(key);
    if (!isFields(library) || slash === -1) locked.skip(line);
    else if (textOf(library, 'type') !== 'project') {
      const [name, version] = [key.slice(0, slash), key.slice(slash + 1)];
      byName.set(keyOf(name), key);
      graph.set(key, { name, version, line, needs: [...(needs.get(key) ?? [])] });
    }
  }
  for (const item of graph.values()) item.needs = item.needs!.flatMap((name) => byName.get(name) ?? []);
  const direct = Object.keys(fieldsOf(document, 'projectFileDependencyGroups')).flatMap((framework) =>
    listOf(fieldsOf(document, 'projectFileDependencyGroups'), framework),
  );
  const ships = direct.flatMap((stated) => byName.get(keyOf(String(stated).split(' ', 1)[0]!)) ?? []);
  lockGraph(graph, [{ ships, develops: [] }], locked);
}

function keyOf(name: string): string {
  return name.toLowerCase();
}

/** A `packages.config` of older projects. */
export function lockConfig(root: XmlElement, locked: LockedPackages): void {
  for (const { attributes } of childrenOf(root, 'package')) {
    const development = attributes.get('developmentDependency') === 'true';
    locked.add(attributes.get('id') ?? '', attributes.get('version') ?? '', { development });
  }
}

/** A `Directory.Packages.props`; what a variable of the build says is not known, and such entries have no version. */
export function lockProps(root: XmlElement, locked: LockedPackages): void {
  for (const element of ['PackageVersion', 'PackageReference', 'GlobalPackageReference']) {
    for (const { attributes } of childrenOf(root, 'ItemGroup', element)) {
      const name = (attributes.get('Include') ?? attributes.get('Update') ?? '').trim();
      const version = (attributes.get('Version') ?? '').trim();
      if (name.includes('$(') || name === '') locked.skip();
      else locked.add(name, version.includes('$(') ? '' : version);
    }
  }
}
