import { developmentOnly } from '../development-only.ts';
import type { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../read-text.ts';

/**
 * uv.lock: packages with what they depend on. Those of the workspace (`editable` or `virtual` sources) are where the
 * graph begins; the project itself is left out.
 */
export function readUvLock(content: Fields, locked: LockedPackages): void {
  if (content['package'] !== undefined && !Array.isArray(content['package'])) locked.skip();
  const entries = listOf(content, 'package').filter((entry) => {
    if (!isFields(entry)) locked.skip();
    return isFields(entry);
  });
  const byName = Map.groupBy(entries, (entry) => textOf(entry, 'name'));
  const find = (dependencies: unknown[]): Fields[] => dependencies.flatMap((item) => targetsOf(item, byName));
  const shippedBy = (entry: Fields): Fields[] => [
    ...find(listOf(entry, 'dependencies')),
    ...find(Object.values(fieldsOf(entry, 'optional-dependencies')).flat()),
  ];
  const members = entries.filter((entry) => folderOf(entry) !== '');
  const only = developmentOnly(
    members.flatMap(shippedBy),
    members.flatMap((entry) => find(Object.values(fieldsOf(entry, 'dev-dependencies')).flat())),
    shippedBy,
  );
  for (const entry of entries) {
    if (folderOf(entry) === '.') continue;
    locked.add(textOf(entry, 'name'), textOf(entry, 'version'), { development: only.has(entry) });
  }
}

function targetsOf(dependency: unknown, byName: Map<string, Fields[]>): Fields[] {
  if (!isFields(dependency)) return [];
  const version = textOf(dependency, 'version');
  const named = byName.get(textOf(dependency, 'name')) ?? [];
  return version === '' ? named : named.filter((entry) => textOf(entry, 'version') === version);
}

function folderOf(entry: Fields): string {
  const source = fieldsOf(entry, 'source');
  return textOf(source, 'editable') || textOf(source, 'virtual');
}
