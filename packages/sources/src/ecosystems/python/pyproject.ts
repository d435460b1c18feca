import { type Fields, fieldsOf, isFields, listOf, textOf } from '../read-text.ts';
import { type NamedProject, namesOf } from './name-graph.ts';

/** What a `pyproject.toml` asks for. */
export interface Pyproject extends NamedProject {
  /** Requirements as they are written (PEP 508) of the project itself: `requests>=2`. */
  requirements: string[];
  /** Whether somebody asks for something in a way that is no list of requirements: Poetry's tables. */
  hasTables: boolean;
}

/**
 * Reads the dependencies of a project: `[project]` (PEP 621), `[dependency-groups]` (PEP 735) and what Poetry, PDM and
 * uv had before those. Extras are published, groups are of development but for `main`.
 */
export function readPyproject(content: Fields): Pyproject {
  const project = fieldsOf(content, 'project');
  const tool = fieldsOf(content, 'tool');
  const poetry = fieldsOf(tool, 'poetry');
  const extras = Object.values(fieldsOf(project, 'optional-dependencies')).flat();
  const requirements = [...listOf(project, 'dependencies'), ...extras].filter((item) => typeof item === 'string');
  const groups = Object.entries(fieldsOf(poetry, 'group')).map(([name, group]) => ({
    isMain: name === 'main',
    names: isFields(group) ? Object.keys(fieldsOf(group, 'dependencies')) : [],
  }));
  const tables = Object.keys(fieldsOf(poetry, 'dependencies')).filter((name) => name !== 'python');
  const lists = [fieldsOf(content, 'dependency-groups'), fieldsOf(fieldsOf(tool, 'pdm'), 'dev-dependencies')];
  const stated = [
    ...lists.flatMap((list) => Object.values(list).flat()),
    ...listOf(fieldsOf(tool, 'uv'), 'dev-dependencies'),
  ];
  return {
    ships: [...namesOf(requirements), ...tables, ...groups.flatMap(({ isMain, names }) => (isMain ? names : []))],
    develops: [
      ...namesOf(stated),
      ...Object.keys(fieldsOf(poetry, 'dev-dependencies')),
      ...groups.flatMap(({ isMain, names }) => (isMain ? [] : names)),
    ],
    requirements,
    hasTables: tables.length > 0,
  };
}

/** Whether a `pyproject.toml` says anything of a project at all: many only configure tools. */
export function describesProject(content: Fields): boolean {
  const tool = fieldsOf(content, 'tool');
  return textOf(fieldsOf(content, 'project'), 'name') !== '' || isFields(tool['poetry']);
}
