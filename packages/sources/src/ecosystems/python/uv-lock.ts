import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../read-text.ts';
import type { LockReader } from './lock-files.ts';

/** Versions of one name for different platforms, where a dependency does not say which. */
const MOST_VERSIONS = 16;

/**
 * uv.lock: packages with what they depend on. Those of the workspace (`editable` or `virtual` sources) are where the
 * graph begins; that in the folder of the file is the project itself.
 */
export const readUvLock: LockReader = (content, locked, { lines }) => {
  if (content['package'] !== undefined && !Array.isArray(content['package'])) locked.skip();
  const entries = new Map<Fields, number | undefined>();
  for (const entry of listOf(content, 'package')) {
    const line = lines.find('[[package]]');
    if (isFields(entry)) entries.set(entry, line);
    else locked.skip(line);
  }
  const byName = Map.groupBy(
    [...entries.keys()].flatMap((entry) => ['', textOf(entry, 'version')].map((version) => ({ version, entry }))),
    ({ version, entry }) => `${textOf(entry, 'name')}\0${version}`,
  );
  const find = (dependencies: unknown[]): Fields[] => [
    ...new Set(dependencies.flatMap((item) => targetsOf(item, byName))),
  ];
  const graph = new Map<Fields, GraphPackage<Fields>>();
  const projects: GraphProject<Fields>[] = [];
  for (const [entry, line] of entries) {
    const item = { name: textOf(entry, 'name'), version: textOf(entry, 'version'), line };
    const extras = Object.values(fieldsOf(entry, 'optional-dependencies')).flat();
    const ships = find([...listOf(entry, 'dependencies'), ...extras]);
    const folder = folderOf(entry);
    if (folder === '') graph.set(entry, { ...item, needs: ships });
    else {
      const develops = find(Object.values(fieldsOf(entry, 'dev-dependencies')).flat());
      const relationship = folder === '.' ? ('root' as const) : ('workspace' as const);
      projects.push({ ships, develops, listed: { key: entry, ...item, relationship } });
    }
  }
  lockGraph(graph, projects, locked);
};

function targetsOf(dependency: unknown, byName: Map<string, { entry: Fields }[]>): Fields[] {
  if (!isFields(dependency)) return [];
  const named = byName.get(`${textOf(dependency, 'name')}\0${textOf(dependency, 'version')}`) ?? [];
  return named.slice(0, MOST_VERSIONS).map(({ entry }) => entry);
}

function folderOf(entry: Fields): string {
  const source = fieldsOf(entry, 'source');
  return textOf(source, 'editable') || textOf(source, 'virtual');
}
