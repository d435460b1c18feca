import { dirname } from 'node:path/posix';
import type { Place, Unknown } from '@breakwater/model';
import type { PlatformDocument } from '../platform-document.ts';
import { fieldOf, isWrittenList, isWrittenMap, type Written, writtenOf } from '../written.ts';
import { interpolate, type Variables } from './interpolate.ts';
import { mergeServices, taggedValue } from './merge-services.ts';
import { parseEnvFile } from './parse-env-file.ts';
import { besides, isLocal } from './references.ts';

type Fields = ReadonlyMap<string, Written>;

/** A project as its files make it together. */
export interface Project {
  services: Map<string, Written>;
  volumes: Map<string, Written>;
  networks: Map<string, Written>;
  name: string | undefined;
}

const MAX_DEPTH = 32;
/** What a service does not take over from the one that it extends. */
const NOT_EXTENDED = new Set(['depends_on', 'extends', 'links', 'volumes_from']);

/** Reads the Compose files of one project with its variables: what they include, what their services extend, what they merge. */
export class ProjectReader {
  readonly unknowns: Unknown[] = [];
  readonly variables: Variables;
  readonly #documents: ReadonlyMap<string, readonly PlatformDocument[]>;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #services = new Map<string, Map<string, Written>>();
  readonly #told = new Set<string>();

  /**
   * @param documents by source, all that were read.
   * @param texts files of variables by source.
   */
  constructor(
    folder: string,
    documents: ReadonlyMap<string, readonly PlatformDocument[]>,
    texts: ReadonlyMap<string, string>,
    outer: Variables = new Map(),
  ) {
    this.#documents = documents;
    this.#texts = texts;
    const own = texts.get(besides(folder, '.env'));
    this.variables = new Map([...(own === undefined ? [] : parseEnvFile(own, besides(folder, '.env'))), ...outer]);
  }

  /** Files merged one over the other. */
  read(sources: readonly string[], stack: readonly string[] = []): Project {
    const project: Project = { services: new Map(), volumes: new Map(), networks: new Map(), name: undefined };
    for (const source of sources) {
      for (const document of this.#documents.get(source) ?? [])
        this.#addDocument(project, document, [...stack, source]);
    }
    return project;
  }

  /** Variables of the files that a service names in `env_file`, in order. */
  envFiles(service: Written): Variables[] {
    const written = fieldOf(service, 'env_file');
    const items = written === undefined ? [] : isWrittenList(written) ? written.value : [written];
    return items.flatMap((item) => {
      const path = isWrittenMap(item) ? fieldOf(item, 'path') : item;
      const required = isWrittenMap(item) ? fieldOf(item, 'required')?.value !== false : true;
      if (path === undefined || typeof path.value !== 'string') return [];
      const source = besides(dirname(path.place.source), path.value);
      const text = this.#texts.get(source);
      if (text !== undefined) return [parseEnvFile(text, source, this.variables)];
      if (required) this.#missing(source, path.place, 'sets variables of a service, so they are not known');
      return [];
    });
  }

  #addDocument(project: Project, document: PlatformDocument, stack: readonly string[]): void {
    const { source, value, line, document: index } = document;
    const place: Place = { source, document: index, line };
    const root = writtenOf(value, place, (text) => interpolate(text, this.variables));
    this.#addIncluded(project, fieldOf(root, 'include'), stack);
    const name = fieldOf(root, 'name');
    if (typeof name?.value === 'string' && name.unset.length === 0) project.name = name.value;
    for (const key of ['volumes', 'networks'] as const) {
      for (const [item, written] of mapOf(fieldOf(root, key))) {
        const known = project[key].get(item);
        project[key].set(item, known === undefined ? written : mergeServices(known, written));
      }
    }
    const services = fieldOf(root, 'services');
    if (services !== undefined && !isWrittenMap(services))
      this.#tell('field-invalid', services.place, 'services is no object: what it runs was not read');
    for (const item of this.#servicesOf(source, index).keys()) {
      const written = this.#resolve(item, source, index, []);
      const tagged = taggedValue(written);
      const known = project.services.get(item);
      if (tagged?.tag === '!reset') project.services.delete(item);
      else if (tagged !== undefined) project.services.set(item, tagged.value);
      else if (isWrittenMap(written))
        project.services.set(item, known === undefined ? written : mergeServices(known, written));
      else this.#tell('field-invalid', written.place, `service ${item} is no object; it was not read`);
    }
  }

  #addIncluded(project: Project, include: Written | undefined, stack: readonly string[]): void {
    const entries = include === undefined ? [] : isWrittenList(include) ? include.value : [include];
    for (const entry of entries) {
      const path = isWrittenMap(entry) ? fieldOf(entry, 'path') : entry;
      const paths = path === undefined ? [] : isWrittenList(path) ? path.value : [path];
      const sources = paths.flatMap((item) => this.#sourceOf(item, stack) ?? []);
      if (sources.length === 0) continue;
      const home = fieldOf(entry, 'project_directory')?.value;
      const folder = typeof home === 'string' ? besides(dirname(entry.place.source), home) : dirname(sources[0]!);
      const inner = new ProjectReader(folder, this.#documents, this.#texts, this.variables);
      const included = inner.read(sources, stack);
      this.unknowns.push(...inner.unknowns);
      for (const key of ['services', 'volumes', 'networks'] as const)
        for (const [name, written] of included[key]) project[key].set(name, written);
    }
  }

  /** The source that a path of a file means; undefined, and told, where it cannot be read. */
  #sourceOf(path: Written, stack: readonly string[]): string | undefined {
    if (typeof path.value !== 'string') return undefined;
    if (path.unset.length > 0 || !isLocal(path.value)) {
      const why = path.unset.length > 0 ? `has no value for $${path.unset[0]}` : 'is not on this disk';
      return this.#tell('file-remote', path.place, `${path.value} ${why}: what it defines was not read`);
    }
    const source = besides(dirname(path.place.source), path.value);
    if (stack.includes(source) || stack.length > MAX_DEPTH)
      return this.#tell('include-cyclic', path.place, `${source} includes itself; the inner time was left out`);
    if (this.#documents.has(source)) return source;
    this.#missing(source, path.place, 'is needed here and was not read, so what it defines is not known');
    return undefined;
  }

  #missing(source: string, place: Place, why: string): void {
    this.#tell(
      'file-missing',
      place,
      `${source} ${why}`,
      'Name it beside the others, or run from a folder that holds it.',
    );
  }

  #tell(code: string, place: Place, message: string, hint?: string): undefined {
    const key = `${code} ${place.source} ${place.document} ${place.pointer?.join('\n')}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.unknowns.push({ code, message, place, ...(hint && { hint }) });
  }

  #servicesOf(source: string, document: number): Map<string, Written> {
    const key = `${document} ${source}`;
    const known = this.#services.get(key);
    if (known !== undefined) return known;
    const found = this.#documents.get(source)?.find((each) => each.document === document);
    const place: Place = { source, document, line: found?.line ?? 1 };
    const root = found && writtenOf(found.value, place, (text) => interpolate(text, this.variables));
    const services = new Map(mapOf(fieldOf(root, 'services')));
    this.#services.set(key, services);
    return services;
  }

  /** A service with what it extends. */
  #resolve(name: string, source: string, document: number, stack: readonly string[]): Written {
    const service = this.#servicesOf(source, document).get(name)!;
    const written = fieldOf(service, 'extends');
    if (written === undefined) return service;
    const base = this.#baseOf(written, source, document, [...stack, `${source}\n${name}`]);
    const own = without(service, new Set(['extends']));
    return base === undefined ? own : { ...mergeServices(without(base, NOT_EXTENDED), own), place: service.place };
  }

  #baseOf(written: Written, source: string, document: number, stack: readonly string[]): Written | undefined {
    const name = isWrittenMap(written) ? fieldOf(written, 'service')?.value : written.value;
    const file = fieldOf(written, 'file');
    if (typeof name !== 'string') {
      return this.#tell('field-invalid', written.place, 'extends names no service; it was not read');
    }
    const other = file === undefined ? source : this.#sourceOf(file, []);
    if (other === undefined) return undefined;
    const index = other === source ? document : this.#documents.get(other)![0]!.document;
    if (stack.includes(`${other}\n${name}`) || stack.length > MAX_DEPTH)
      return this.#tell(
        'extends-cyclic',
        written.place,
        `service ${name} extends itself; what it would take over was left out`,
      );
    if (!this.#servicesOf(other, index).has(name))
      return this.#tell(
        'service-missing',
        written.place,
        `${other} has no service ${name} to extend: what it gives is not known`,
      );
    return this.#resolve(name, other, index, stack);
  }
}

function mapOf(written: Written | undefined): Fields {
  return isWrittenMap(written) ? written.value : new Map();
}

function without(service: Written, keys: ReadonlySet<string>): Written {
  if (!isWrittenMap(service)) return service;
  return { ...service, value: new Map([...service.value].filter(([key]) => !keys.has(key))) };
}
