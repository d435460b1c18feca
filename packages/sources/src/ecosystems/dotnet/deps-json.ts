import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { type Fields, fieldsOf, isFields, readJson, reportUnreadable, textOf } from '../read-text.ts';
import { NUGET_NAME, nugetComponent } from './nuget-component.ts';

/** Parts of a library in a target that are files beside the program. */
const SHIPPED = ['runtime', 'runtimeTargets', 'native', 'resources'];
const RUNTIME_PACK = /^runtimepack\./;
const LONGEST_VERSION = 256;

/**
 * Packages that a published program of .NET ships with, from the `.deps.json` beside it (dotnet/sdk,
 * `runtime-configuration-file.md`). Those of which no file was published are left out where the target tells.
 */
export function readDepsJson(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const document = readJson(file, context, inventory);
  if (document === undefined) return;
  if (!isFields(document['targets']) && !isFields(document['libraries'])) {
    reportUnreadable(file, 'names neither targets nor libraries', context, inventory);
    return;
  }
  const target = fieldsOf(fieldsOf(document, 'targets'), textOf(fieldsOf(document, 'runtimeTarget'), 'name'));
  let skipped = 0;
  for (const [key, library] of Object.entries(fieldsOf(document, 'libraries'))) {
    const type = isFields(library) ? textOf(library, 'type') : '';
    const part = Object.hasOwn(target, key) ? fieldsOf(target, key) : undefined;
    if (type === 'project' || (part !== undefined && !SHIPPED.some((name) => Object.hasOwn(part, name)))) continue;
    const slash = key.indexOf('/');
    const name = key.slice(0, Math.max(0, slash)).replace(RUNTIME_PACK, '');
    const version = key.slice(slash + 1);
    if (!NUGET_NAME.test(name) || version === '' || version.length > LONGEST_VERSION) skipped += 1;
    else {
      const files = part === undefined ? [] : shippedFiles(part, file.path, context);
      const details = { licences: [], path: file.path, scope: 'installed' as const, development: false };
      inventory.components.push(nugetComponent({ name, version, ...details, files }));
    }
  }
  if (skipped === 0) return;
  const message = `Libraries that have no usable name or version: ${skipped}`;
  inventory.unknowns.push({
    code: 'package-incomplete',
    message,
    place: { source: context.target, path: `/${file.path}` },
  });
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
