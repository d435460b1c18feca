import { childrenOf, childText, readXml, type XmlElement } from '../../xml/read-xml.ts';

/** What names an artifact in a Maven repository. */
export interface Coordinates {
  group: string;
  artifact: string;
  version: string;
}

/** An entry of `dependencies` or `dependencyManagement`. */
export interface PomDependency extends Coordinates {
  type: string;
  classifier: string;
  scope: string;
  optional: boolean;
  /** `group:artifact`, each of which may be `*`. */
  exclusions: string[];
  /** Where the project itself says so; absent for what it inherits. */
  line?: number;
}

/** A pom.xml as it is written: properties are not put in, and nothing is inherited. Absent fields are empty. */
export interface Pom extends Coordinates {
  path: string;
  parent?: Coordinates & { relativePath: string; line: number };
  properties: Map<string, string>;
  managed: PomDependency[];
  dependencies: PomDependency[];
  modules: string[];
  licences: string[];
}

const MOST_DEPENDENCIES = 20_000;
const MOST_EXCLUSIONS = 500;
const LONGEST_LICENCE = 512;

/**
 * Reads a project object model (maven.apache.org/pom.html) with the profiles that are active where nobody chooses any.
 * Undefined where it is none.
 */
export function readPom(text: string, path: string): Pom | undefined {
  const project = readXml(text);
  if (project?.name !== 'project') return undefined;
  const parent = childrenOf(project, 'parent')[0];
  // A profile's own entries win over those of the project.
  const parts = [...childrenOf(project, 'profiles', 'profile').filter(isActive), project];
  const lineAt = countLines(text);
  return {
    path,
    ...coordinatesOf(project),
    ...(parent !== undefined && { parent: readParent(parent, lineAt) }),
    properties: propertiesOf(parts),
    managed: dependenciesOf(parts, lineAt, 'dependencyManagement', 'dependencies'),
    dependencies: dependenciesOf(parts, lineAt, 'dependencies'),
    modules: parts.flatMap((part) => childrenOf(part, 'modules', 'module')).map((module) => module.text),
    licences: childrenOf(project, 'licenses', 'license').flatMap(licenceOf),
  };
}

function coordinatesOf(element: XmlElement): Coordinates {
  const field = (name: string): string => childText(element, name) ?? '';
  return { group: field('groupId'), artifact: field('artifactId'), version: field('version') };
}

function readParent(parent: XmlElement, lineAt: LineAt): NonNullable<Pom['parent']> {
  const relativePath = childText(parent, 'relativePath') ?? '';
  return { ...coordinatesOf(parent), relativePath, line: lineAt(parent.start) };
}

/** One-based line of a place in the document. */
type LineAt = (start: number) => number;

/** Counts on from the last place that was asked for: elements are asked for nearly in their order. */
function countLines(text: string): LineAt {
  let [at, line] = [0, 1];
  return (start) => {
    if (start < at) [at, line] = [0, 1];
    for (let end = text.indexOf('\n', at); end !== -1 && end < start; end = text.indexOf('\n', at)) {
      at = end + 1;
      line += 1;
    }
    return line;
  };
}

/** Active by default, or as long as a property is not set. */
function isActive(profile: XmlElement): boolean {
  const activation = childrenOf(profile, 'activation')[0];
  const unlessSet = childrenOf(activation, 'property', 'name').some(({ text }) => text.startsWith('!'));
  return unlessSet || childText(activation, 'activeByDefault') === 'true';
}

function propertiesOf(parts: XmlElement[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, text } of parts
    .toReversed()
    .flatMap((part) => childrenOf(part, 'properties'))
    .flatMap(childrenIn)) {
    found.set(name, text);
  }
  return found;
}

const childrenIn = ({ children }: XmlElement): XmlElement[] => children;

function dependenciesOf(parts: XmlElement[], lineAt: LineAt, ...path: string[]): PomDependency[] {
  const found = parts.flatMap((part) => childrenOf(part, ...path, 'dependency')).slice(0, MOST_DEPENDENCIES);
  return found.map((item) => ({
    ...coordinatesOf(item),
    type: childText(item, 'type') || 'jar',
    classifier: childText(item, 'classifier') ?? '',
    scope: childText(item, 'scope') ?? '',
    optional: childText(item, 'optional') === 'true',
    exclusions: exclusionsOf(item),
    line: lineAt(item.start),
  }));
}

function exclusionsOf(item: XmlElement): string[] {
  const found = childrenOf(item, 'exclusions', 'exclusion').slice(0, MOST_EXCLUSIONS);
  return found.map(coordinatesOf).map(({ group, artifact }) => `${group}:${artifact}`);
}

function licenceOf(licence: XmlElement): string[] {
  const text = childText(licence, 'name') || childText(licence, 'url') || '';
  return text === '' || text.length > LONGEST_LICENCE ? [] : [text];
}
