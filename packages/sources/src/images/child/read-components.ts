import { basename } from 'node:path';
import type { Component, Distribution, Layer, Unknown } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, PackageFile } from '../../ecosystems/ecosystem.ts';
import { noteOwners } from '../../ecosystems/note-owners.ts';
import { settleLocked } from '../../ecosystems/settle-locked.ts';
import { isNeverEmpty } from '../repository/lock-files.ts';
import type { ImageTree } from './image-tree.ts';
import { filesOf } from './wanted-files.ts';

export interface ComponentsRead {
  components: Component[];
  unknowns: Unknown[];
  /** Whether any file was there that lists packages. */
  hadPackageFiles: boolean;
}

/** Types of packages of the operating system. */
export const OPERATING_SYSTEM: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm', 'alpm']);

/** All components of the final file system, each with the layer in which it last changed. */
export function readComponents(
  ecosystems: Ecosystem[],
  tree: ImageTree,
  linked: Map<string, Buffer>,
  layers: Layer[],
  target: string,
  distribution: Distribution | undefined,
): ComponentsRead {
  const result: ComponentsRead = { components: [], unknowns: [], hadPackageFiles: false };
  const context: EcosystemContext = { target, ...(distribution !== undefined && { distribution }) };
  const isPackaged = packagedFiles(result.components);
  for (const ecosystem of ecosystems) {
    const files = filesOf(ecosystem, tree, linked);
    if (files.length === 0) continue;
    result.hadPackageFiles = true;
    const { components, unknowns } = ecosystem.parse(files, { ...context, tree, isPackaged });
    attribute(components, ecosystem, tree, layers, context);
    result.components.push(...components);
    result.unknowns.push(...unknowns, ...files.filter(isCutToNothing).map(({ path }) => emptied(target, path)));
  }
  result.components = nameDuplicates(result.components);
  noteOwners(result.components);
  result.components = settleLocked(result.components);
  return result;
}

function isCutToNothing({ path, bytes }: PackageFile): boolean {
  return bytes.length === 0 && isNeverEmpty(basename(path));
}

function emptied(target: string, path: string): Unknown {
  const message = 'A lock file holds no byte: what it listed is not known';
  return { code: 'lock-file-empty', message, place: { source: target, path: `/${path}` } };
}

/**
 * Sets the layer of each component: that of its file, or, where the file was written again in higher layers, the
 * lowest one since which the file has held this very package.
 */
function attribute(
  components: Component[],
  ecosystem: Ecosystem,
  tree: ImageTree,
  layers: Layer[],
  context: EcosystemContext,
): void {
  const byPath = Map.groupBy(components, ({ path }) => path);
  for (const [path, group] of byPath) {
    const file = path.slice(1).split('!/', 1)[0]!;
    const real = tree.origin(file) === undefined ? file : (tree.resolve(file) ?? file);
    let unsettled = group;
    for (const { layer, content, distilled } of tree.versions(real, ecosystem.name)) {
      const version = { path: file, bytes: content, ...(distilled && { distilled }) };
      const present =
        layer === tree.origin(real)
          ? undefined
          : new Set(ecosystem.parse([version], context).components.map(({ id }) => id));
      unsettled = unsettled.filter(({ id }) => present?.has(id) ?? true);
      for (const component of unsettled) component.layer = layers[layer]!.diffId;
      if (unsettled.length === 0) break;
    }
  }
}

/** Tells the files of the operating system's packages, which come first; nothing is collected until it is asked. */
function packagedFiles(components: Component[]): (path: string) => boolean {
  let paths: Set<string> | undefined;
  return (path) => {
    paths ??= new Set(components.flatMap(({ type, files }) => (OPERATING_SYSTEM.has(type) ? files : [])));
    return paths.has(path);
  };
}

/**
 * The same package of the same file is one; of several files, all but the first get the file's path into their id, and
 * into what the others of that file depend on.
 */
function nameDuplicates(components: Component[]): Component[] {
  const seen = new Map<string, Component>();
  const kept = components.filter((component) => {
    const first = seen.get(component.id);
    if (first === undefined) {
      seen.set(component.id, component);
      return true;
    }
    if (first.path === component.path) return false;
    component.id = `${component.purl}#${component.path}`;
    if (seen.has(component.id)) return false;
    seen.set(component.id, component);
    return true;
  });
  for (const { path, dependsOn = [] } of kept) {
    for (const [index, id] of dependsOn.entries()) {
      if (seen.get(id)?.path !== path && seen.has(`${id}#${path}`)) dependsOn[index] = `${id}#${path}`;
    }
  }
  return kept;
}
