import { basename } from 'node:path/posix';
import type { Unknown } from '@breakwater/model';
import type { PlatformDocument, Translated } from '../platform-document.ts';
import { fieldOf, isWrittenMap, type Written } from '../written.ts';
import { mergeServices } from './merge-services.ts';
import { isBase, nameOf, type ProjectFiles, projectNames, projectsOf } from './project-files.ts';
import { type Project, ProjectReader } from './project-reader.ts';
import { type References, referencesOf } from './references.ts';
import { translateService } from './translate-service.ts';

const STACK_NAME = /^(?:docker-)?stack(?:[.-][\w.-]+)?\.ya?ml$/;
/** Settings of `deploy` that mean something to a Swarm alone. */
const SWARM_ONLY = ['placement', 'update_config', 'rollback_config', 'endpoint_mode'];
const SWARM_MODES = new Set(['global', 'global-job', 'replicated-job']);

/**
 * The services of Compose files and Swarm stacks as workloads. The files of a folder are seen together: the override that
 * Compose takes by itself is merged; what other files change on services of the base is a further definition of these, and
 * the worst of them counts.
 */
export function translateCompose(
  documents: readonly PlatformDocument[],
  texts: ReadonlyMap<string, string>,
): Translated {
  const bySource = Map.groupBy(documents, ({ source }) => source);
  const references = documents.map((document) => ({ source: document.source, ...referencesOf(document) }));
  const projects = projectsOf(rootsOf([...bySource.keys()], references));
  const templates = templatesOf(references);
  const names = projectNames(projects.map(({ folder }) => folder));
  const result: Translated = { objects: [], unknowns: [] };
  for (const files of projects) addProject(result, files, names.get(files.folder)!, { bySource, texts, templates });
  return result;
}

/* Files that no other includes; of files that include each other the first. */
function rootsOf(sources: readonly string[], references: readonly (References & { source: string })[]): string[] {
  const included = new Map<string, string[]>();
  for (const { source, included: parts } of references)
    included.set(
      source,
      [...(included.get(source) ?? []), ...parts].filter((part) => part !== source),
    );
  const parts = new Set([...included.values()].flat());
  const reached = new Set<string>();
  const visit = (source: string): void => {
    for (const stack = [source]; stack.length > 0; ) {
      const next = stack.pop()!;
      if (reached.has(next)) continue;
      reached.add(next);
      stack.push(...(included.get(next) ?? []));
    }
  };
  const roots = sources.filter((source) => !parts.has(source));
  for (const root of roots) visit(root);
  const cyclic = sources.filter((source) => {
    const left = !reached.has(source);
    if (left) visit(source);
    return left;
  });
  return [...roots, ...cyclic].sort((a, b) => sources.indexOf(a) - sources.indexOf(b));
}

/* Services of files that are no project by their name and serve to be extended: they run nowhere by themselves. */
function templatesOf(references: readonly References[]): Set<string> {
  const extended = references.flatMap((each) => [...each.extended]).filter(([file]) => !isBase(file));
  return new Set(extended.flatMap(([file, services]) => [...services].map((service) => `${file}\n${service}`)));
}

interface Files {
  bySource: ReadonlyMap<string, readonly PlatformDocument[]>;
  texts: ReadonlyMap<string, string>;
  templates: ReadonlySet<string>;
}

function addProject(result: Translated, files: ProjectFiles, name: string, given: Files): void {
  const { bySource, texts, templates } = given;
  const { folder, layers, others } = files;
  const reader = new ProjectReader(folder, bySource, texts);
  const base = reader.read(layers);
  if (layers.length > 0) addServices(result, base, base.services, layers, name, reader);
  for (const other of others) {
    const alone = reader.read([other]);
    const services = new Map<string, Written>();
    for (const [service, written] of alone.services) {
      if (templates.has(`${written.place.source}\n${service}`)) continue;
      const below = base.services.get(service);
      services.set(service, below !== undefined && !runsAlone(written) ? mergeServices(below, written) : written);
    }
    const project: Project = {
      services,
      volumes: new Map([...base.volumes, ...alone.volumes]),
      networks: new Map([...base.networks, ...alone.networks]),
      name: alone.name ?? base.name,
    };
    addServices(result, project, services, [other], name, reader);
  }
  result.unknowns.push(...reader.unknowns);
}

function addServices(
  result: Translated,
  project: Project,
  services: ReadonlyMap<string, Written>,
  sources: readonly string[],
  folderName: string,
  reader: ProjectReader,
): void {
  const named = project.name ?? reader.variables.get('COMPOSE_PROJECT_NAME')?.value;
  const swarm = isSwarm(services, sources);
  for (const [name, service] of services) {
    if (!runsAlone(service)) {
      result.unknowns.push(incomplete(name, service));
      continue;
    }
    const { object, unknowns } = translateService(name, service, {
      project: named === undefined ? folderName : nameOf(named),
      swarm,
      volumes: project.volumes,
      networks: project.networks,
      envFiles: (written) => reader.envFiles(written),
      variables: reader.variables,
    });
    result.objects.push(object);
    result.unknowns.push(...unknowns);
  }
}

/** Whether a service says what it runs. */
function runsAlone(service: Written): boolean {
  return (
    fieldOf(service, 'image') !== undefined ||
    fieldOf(service, 'build') !== undefined ||
    fieldOf(service, 'provider') !== undefined
  );
}

function incomplete(name: string, { place }: Written): Unknown {
  return {
    code: 'service-incomplete',
    message: `Service ${name} names neither an image nor a build: it is a part of another file’s service, and was not judged alone`,
    place,
    hint: 'Name the file that it completes beside it, in the same folder.',
  };
}

function isSwarm(services: ReadonlyMap<string, Written>, sources: readonly string[]): boolean {
  if (sources.some((source) => STACK_NAME.test(basename(source)))) return true;
  return [...services.values()].some((service) => {
    const deploy = fieldOf(service, 'deploy');
    if (!isWrittenMap(deploy)) return false;
    return SWARM_ONLY.some((key) => deploy.value.has(key)) || SWARM_MODES.has(String(deploy.value.get('mode')?.value));
  });
}
