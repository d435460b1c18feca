import type { LineFinder } from '../line-finder.ts';
import type { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../read-text.ts';
import { lockByName, type NamedPackage, type NamedProject, namesOf } from './name-graph.ts';

/** Groups of pdm that are development by their name: its lock file does not tell them from extras. */
const DEVELOPMENT_GROUPS = new Set(['dev', 'develop', 'development', 'test', 'tests', 'testing', 'lint', 'docs']);
const GROUP = /["']([^"']*)["'] in dependency_groups/g;

/** What is known beside the content of a lock file. */
export interface LockSurroundings {
  lines: LineFinder;
  /** What the `pyproject.toml` beside it asks for. */
  project: NamedProject | undefined;
}

/** Reads one kind of lock file. */
export type LockReader = (content: Fields, locked: LockedPackages, surroundings: LockSurroundings) => void;

/**
 * Pipfile.lock: groups map names to `{version: "==1.0"}`; one from a folder or commit has none. `default` and `develop`
 * are Pipenv's own, others are categories of the project's.
 */
export const readPipfileLock: LockReader = (content, locked, { lines }) => {
  for (const [group, entries] of Object.entries(content)) {
    if (group === '_meta' || !isFields(entries)) continue;
    for (const [name, entry] of Object.entries(entries)) {
      const line = lines.findKey(name);
      if (!isFields(entry)) locked.skip(line);
      else {
        const version = textOf(entry, 'version').replace(/^={2,3}\s*/, '');
        locked.add(name, version, { development: group === 'develop', line });
      }
    }
  }
};

/** poetry.lock: version 1 tells the category of a package, 2.1 its groups; between those only pyproject.toml knows. */
export const readPoetryLock: LockReader = (content, locked, surroundings) => {
  const needs = (entry: Fields): string[] => Object.keys(fieldsOf(entry, 'dependencies'));
  readPackages(content, 'package', locked, surroundings, needs, (entry) => {
    const groups = listOf(entry, 'groups');
    const category = textOf(entry, 'category');
    if (category !== '') return category === 'dev';
    return groups.length > 0 ? !groups.includes('main') : undefined;
  });
};

/** pdm.lock: each package tells its groups, of which `default` is the project's own. */
export const readPdmLock: LockReader = (content, locked, surroundings) => {
  const needs = (entry: Fields): string[] => namesOf(listOf(entry, 'dependencies'));
  readPackages(content, 'package', locked, surroundings, needs, (entry) => {
    const groups = listOf(entry, 'groups');
    if (groups.length === 0) return undefined;
    return groups.every((group) => typeof group === 'string' && DEVELOPMENT_GROUPS.has(group));
  });
};

/** pylock.toml (PEP 751): what a dependency group asks for, and no extra does, is of development (PEP 735). */
export const readPylock: LockReader = (content, locked, surroundings) => {
  const shipped = new Set(listOf(content, 'default-groups'));
  const needs = (entry: Fields): string[] =>
    listOf(entry, 'dependencies').flatMap((item) => (isFields(item) ? textOf(item, 'name') : []));
  readPackages(content, 'packages', locked, surroundings, needs, (entry) => {
    const marker = textOf(entry, 'marker');
    const groups = [...marker.matchAll(GROUP)].map(([, group]) => group);
    if (groups.length === 0) return undefined;
    return !marker.includes('in extras') && !groups.some((group) => shipped.has(group));
  });
};

function readPackages(
  content: Fields,
  field: string,
  locked: LockedPackages,
  { lines, project }: LockSurroundings,
  needsOf: (entry: Fields) => string[],
  isOfDevelopment: (entry: Fields) => boolean | undefined,
): void {
  const packages: NamedPackage[] = [];
  if (content[field] !== undefined && !Array.isArray(content[field])) locked.skip();
  for (const entry of listOf(content, field)) {
    const line = lines.find(`[[${field}]]`);
    if (!isFields(entry)) locked.skip(line);
    else if (textOf(fieldsOf(entry, 'directory'), 'path') !== '.') {
      const development = isOfDevelopment(entry);
      const details = { line, ...(development !== undefined && { development }), needs: needsOf(entry) };
      packages.push({ name: textOf(entry, 'name'), version: textOf(entry, 'version'), ...details });
    }
  }
  lockByName(packages, project === undefined ? [] : [project], locked);
}
