import type { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../read-text.ts';

/** Groups of pdm that are development by their name: its lock file does not tell them from extras. */
const DEVELOPMENT_GROUPS = new Set(['dev', 'develop', 'development', 'test', 'tests', 'testing', 'lint', 'docs']);
const GROUP = /["']([^"']*)["'] in dependency_groups/g;

/** Pipfile.lock: `default` and `develop` map names to `{version: "==1.0"}`; one from a folder or commit has none. */
export function readPipfileLock(content: Fields, locked: LockedPackages): void {
  for (const group of ['default', 'develop']) {
    for (const [name, entry] of Object.entries(fieldsOf(content, group))) {
      if (!isFields(entry)) locked.skip();
      else locked.add(name, textOf(entry, 'version').replace(/^={2,3}\s*/, ''), { development: group === 'develop' });
    }
  }
}

/** poetry.lock: version 1 tells the category of a package, 2.1 its groups. */
export function readPoetryLock(content: Fields, locked: LockedPackages): void {
  readPackages(content, 'package', locked, (entry) => {
    const groups = listOf(entry, 'groups');
    return textOf(entry, 'category') === 'dev' || (groups.length > 0 && !groups.includes('main'));
  });
}

/** pdm.lock: each package tells its groups, of which `default` is the project's own. */
export function readPdmLock(content: Fields, locked: LockedPackages): void {
  readPackages(content, 'package', locked, (entry) => {
    const groups = listOf(entry, 'groups');
    return groups.length > 0 && groups.every((group) => typeof group === 'string' && DEVELOPMENT_GROUPS.has(group));
  });
}

/** pylock.toml (PEP 751): what a dependency group asks for, and no extra does, is of development (PEP 735). */
export function readPylock(content: Fields, locked: LockedPackages): void {
  const shipped = new Set(listOf(content, 'default-groups'));
  readPackages(content, 'packages', locked, (entry) => {
    const marker = textOf(entry, 'marker');
    const groups = [...marker.matchAll(GROUP)].map(([, group]) => group);
    return groups.length > 0 && !marker.includes('in extras') && !groups.some((group) => shipped.has(group));
  });
}

function readPackages(
  content: Fields,
  field: string,
  locked: LockedPackages,
  isOfDevelopment: (entry: Fields) => boolean,
): void {
  if (content[field] !== undefined && !Array.isArray(content[field])) locked.skip();
  for (const entry of listOf(content, field)) {
    if (!isFields(entry)) locked.skip();
    else if (textOf(fieldsOf(entry, 'directory'), 'path') !== '.') {
      locked.add(textOf(entry, 'name'), textOf(entry, 'version'), { development: isOfDevelopment(entry) });
    }
  }
}
