import type { Component } from '@breakwater/model';
import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LineFinder } from '../line-finder.ts';
import { type Fields, fieldsOf, isFields, readJsonText, reportUnreadable, textOf } from '../read-text.ts';
import { NUGET_NAME, nugetComponent } from './nuget-component.ts';

/** Parts of a library in a target that are files beside the program. */
const SHIPPED = ['runtime', 'runtimeTargets', 'native', 'resources'];
const RUNTIME_PACK = /^runtimepack\./;
const LONGEST_VERSION = 256;
/** Needs of one library that are kept. */
const MOST_NEEDS = 1000;

interface Library {
  component: Component;
  isProject: boolean;
  /** Keys of other libraries. */
  needs: string[];
}

/**
 * Packages that a published program of .NET ships with, from the `.deps.json` beside it (dotnet/sdk,
 * `runtime-configuration-file.md`). Those of which no file was published are left out where the target tells. The
 * program itself and the projects it was built of are listed as what they are.
 */
export function readDepsJson(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const read = readJsonText(file, context, inventory);
  if (read === undefined) return;
  const { content, text } = read;
  if (!isFields(content['targets']) && !isFields(content['libraries'])) {
    reportUnreadable(file, 'names neither targets nor libraries', context, inventory);
    return;
  }
  const target = fieldsOf(fieldsOf(content, 'targets'), textOf(fieldsOf(content, 'runtimeTarget'), 'name'));
  const libraries = new Map<string, Library>();
  const lines = new LineFinder(text);
  lines.findKey('libraries');
  let skipped = 0;
  for (const [key, library] of Object.entries(fieldsOf(content, 'libraries'))) {
    const line = lines.findKey(key);
    const isProject = isFields(library) && textOf(library, 'type') === 'project';
    const part = Object.hasOwn(target, key) ? fieldsOf(target, key) : undefined;
    if (!isProject && part !== undefined && !SHIPPED.some((name) => Object.hasOwn(part, name))) continue;
    const slash = key.indexOf('/');
    const name = key.slice(0, Math.max(0, slash)).replace(RUNTIME_PACK, '');
    const version = key.slice(slash + 1);
    if (!NUGET_NAME.test(name) || version === '' || version.length > LONGEST_VERSION) skipped += 1;
    else {
      const files = part === undefined ? [] : shippedFiles(part, file.path, context);
      const details = { licences: [], path: file.path, scope: 'installed' as const, development: false };
      const component = nugetComponent({ name, version, ...details, files, ...(line !== undefined && { line }) });
      const needs = Object.entries(fieldsOf(part ?? {}, 'dependencies')).map(([need, at]) => `${need}/${String(at)}`);
      libraries.set(key, { component, isProject, needs: needs.slice(0, MOST_NEEDS) });
    }
  }
  relate(libraries);
  inventory.components.push(...[...libraries.values()].map(({ component }) => component));
  if (skipped === 0) return;
  const message = `Libraries that have no usable name or version: ${skipped}`;
  inventory.unknowns.push({
    code: 'package-incomplete',
    message,
    place: { source: context.target, path: `/${file.path}` },
  });
}

/** Says what needs what, and which project is the program: the one that no other project needs. */
function relate(libraries: ReadonlyMap<string, Library>): void {
  const projects = [...libraries.values()].filter(({ isProject }) => isProject);
  const named = new Set(projects.flatMap(({ needs }) => needs));
  const roots = [...libraries].filter(([key, { isProject }]) => isProject && !named.has(key));
  for (const [key, { component, isProject, needs }] of libraries) {
    component.dependsOn = [...new Set(needs.flatMap((need) => libraries.get(need)?.component.id ?? []))];
    if (isProject) component.relationship = roots.length === 1 && roots[0]![0] === key ? 'root' : 'workspace';
    else if (named.size > 0) component.relationship = named.has(key) ? 'direct' : 'indirect';
  }
}

/** Libraries are published beside the program, in whatever folder of the package they were. */
function shippedFiles(part: Fields, path: string, { tree }: EcosystemContext): string[] {
  if (tree === undefined) return [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const names = [...Object.keys(fieldsOf(part, 'runtime')), ...Object.keys(fieldsOf(part, 'native'))];
  const beside = names.map((name) => `${folder}${name.slice(name.lastIndexOf('/') + 1)}`);
  return [...new Set([...beside, ...Object.keys(fieldsOf(part, 'runtimeTargets')).map((name) => `${folder}${name}`)])]
    .filter((name) => tree.isFile(name))
    .map((name) => `/${name}`);
}
