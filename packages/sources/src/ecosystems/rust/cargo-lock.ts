import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LineFinder } from '../line-finder.ts';
import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readTomlText } from '../parse-toml.ts';
import { type Fields, isFields, listOf, textOf } from '../read-text.ts';
import type { CargoManifest } from './manifest.ts';
import { CRATE_NAME, crateComponent } from './rust-component.ts';

/** `serde 1.0.2 (registry+https://...)`: as much of it as is needed to tell versions apart. */
const NEED = /^(\S+)(?: (\S+))?/;

interface Crate {
  name: string;
  version: string;
  line: number | undefined;
  /** Without one it lies in a folder: the project itself, a member of its workspace, or a copy. */
  source: string;
  needs: string[];
}

/**
 * A `Cargo.lock`: every crate of every platform and feature. `manifests` are the `Cargo.toml` files of the target: those
 * of the project's own crates tell what is of their tests and builds only.
 */
export function readCargoLock(
  file: PackageFile,
  manifests: readonly CargoManifest[],
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const read = readTomlText(file, context, inventory);
  if (read === undefined) return;
  const locked = new LockedPackages(crateComponent, CRATE_NAME);
  const crates = readCrates(read.content, new LineFinder(read.text), locked);
  const byName = new Map<string, Crate>();
  for (const crate of crates) {
    byName.set(crate.name, crate);
    byName.set(`${crate.name} ${crate.version}`, crate);
  }
  const find = ({ needs }: Crate): Crate[] => needs.flatMap((need) => byName.get(need) ?? []);
  const own = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  const graph = new Map<Crate, GraphPackage<Crate>>();
  const projects: GraphProject<Crate>[] = [];
  const needed = new Set(crates.flatMap(find));
  for (const crate of crates) {
    const manifest = crate.source === '' ? own.get(crate.name) : undefined;
    const needs = find(crate);
    // A crate in a folder that others need, and that no manifest calls the project's, may be a copy of a published one.
    if (crate.source === '' && (manifest !== undefined || !needed.has(crate)))
      projects.push(projectOf(crate, needs, manifest));
    else graph.set(crate, { ...crate, needs });
  }
  if (projects.length === 1) projects[0]!.listed!.relationship = 'root';
  lockGraph(graph, projects, locked);
  locked.finish(file.path, context, inventory);
}

function readCrates(content: Fields, lines: LineFinder, locked: LockedPackages): Crate[] {
  return listOf(content, 'package').flatMap((item) => {
    const line = lines.find('[[package]]');
    const [name, version] = isFields(item) ? [textOf(item, 'name'), textOf(item, 'version')] : ['', ''];
    if (!isFields(item) || version === '') {
      locked.skip(line);
      return [];
    }
    const needs = listOf(item, 'dependencies').map((need) => {
      const [, crate, release] = NEED.exec(typeof need === 'string' ? need : '') ?? [];
      return release === undefined ? (crate ?? '') : `${crate} ${release}`;
    });
    return [{ name, version, line, source: textOf(item, 'source'), needs }];
  });
}

function projectOf(crate: Crate, needs: Crate[], manifest: CargoManifest | undefined): GraphProject<Crate> {
  const { name, version, line } = crate;
  const isDeveloped = (need: Crate): boolean =>
    manifest?.develops.has(need.name) === true && !manifest.ships.has(need.name);
  return {
    ships: needs.filter((need) => !isDeveloped(need)),
    develops: needs.filter(isDeveloped),
    listed: { key: crate, name, version, line, relationship: 'workspace' },
  };
}
