import type { LockedPackages } from '../locked-packages.ts';
import { childrenOf, childText, readXml, type XmlElement } from '../xml/read-xml.ts';

const DEEPEST_PROPERTY = 8;
const LONGEST = 1024;

/**
 * Direct dependencies of a pom.xml, of its own and of its profiles, with versions that stand in it, in its properties
 * or in its own dependencyManagement. What a parent or an imported list would say is not at hand: such a dependency has
 * no version. False where it is no pom.
 */
export function lockPom(text: string, locked: LockedPackages): boolean {
  const project = readXml(text);
  if (project?.name !== 'project') return false;
  const profiles = childrenOf(project, 'profiles', 'profile');
  const properties = propertiesOf(project, profiles);
  const parts = [project, ...profiles];
  const managed = new Map<string, string>();
  for (const item of parts.flatMap((part) => childrenOf(part, 'dependencyManagement', 'dependencies', 'dependency'))) {
    const { name, version } = read(item, properties);
    if (!managed.has(name)) managed.set(name, version);
  }
  for (const item of parts.flatMap((part) => childrenOf(part, 'dependencies', 'dependency'))) {
    const { name, version, scope } = read(item, properties);
    locked.add(name, version === '' ? (managed.get(name) ?? '') : version, { development: scope === 'test' });
  }
  return true;
}

function read(item: XmlElement, properties: Map<string, string>): { name: string; version: string; scope: string } {
  const field = (name: string): string => expand(childText(item, name) ?? '', properties, 0);
  const version = lowestOf(field('version'));
  return {
    name: `${field('groupId')}:${field('artifactId')}`,
    version: version.includes('${') ? '' : version,
    scope: field('scope'),
  };
}

/** Properties by name, with what a pom calls `project.version` and the like. */
function propertiesOf(project: XmlElement, profiles: XmlElement[]): Map<string, string> {
  const parent = childrenOf(project, 'parent')[0];
  const found = new Map<string, string>();
  for (const name of ['groupId', 'artifactId', 'version']) {
    const own = childText(project, name) ?? (name === 'artifactId' ? undefined : childText(parent, name));
    for (const prefix of ['project.', 'pom.']) if (own !== undefined) found.set(`${prefix}${name}`, own);
    const above = childText(parent, name);
    if (above !== undefined) found.set(`project.parent.${name}`, above);
  }
  for (const part of [...profiles, project])
    for (const { children } of childrenOf(part, 'properties'))
      for (const { name, text } of children) found.set(name, text);
  return found;
}

function expand(text: string, properties: Map<string, string>, depth: number): string {
  if (depth === DEEPEST_PROPERTY || text.length > LONGEST || !text.includes('${')) return text.slice(0, LONGEST);
  const expanded = text.replace(
    /\$\{([^${}]{1,256})\}/g,
    (whole, name: string) => properties.get(name.trim()) ?? whole,
  );
  return expanded === text ? text : expand(expanded, properties, depth + 1);
}

/** The lowest version of a range, which is one that a build may use: `[1.0,2.0)`. */
function lowestOf(version: string): string {
  const range = /^[[(]\s*([^,\s\])]*)/.exec(version);
  return range === null ? version : range[1]!;
}
