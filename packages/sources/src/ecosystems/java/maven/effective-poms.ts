import { interpolate } from './interpolate.ts';
import type { Coordinates, Pom, PomDependency } from './pom.ts';
import type { PomStore } from './pom-store.ts';

/** A pom with what its parents and imported lists say, its properties put in. */
export interface EffectivePom extends Coordinates {
  path: string;
  /** By `keyOf`. */
  managed: Map<string, PomDependency>;
  dependencies: PomDependency[];
  licences: string[];
  /** Poms that it inherits from or imports, and that are not at hand. */
  missing: Missing[];
}

export interface Missing extends Coordinates {
  role: 'parent' | 'import';
  /** Where the project says so; absent for what another pom of the way says. */
  line?: number;
}

const MOST_PARENTS = 32;
const MOST_MANAGED = 50_000;
/** Lists that import lists. */
const DEEPEST = 64;
/** Projects of one artifact's name in a tree. */
const MOST_NAMESAKES = 64;

/** What tells one managed entry from another (Maven's management key). */
export function keyOf({ group, artifact, type, classifier }: Omit<PomDependency, 'line'>): string {
  return `${group}:${artifact}:${type}:${classifier}`;
}

/** Puts poms together with their parents, each once (maven.apache.org/ref/current/maven-model-builder). */
export class EffectivePoms {
  readonly #store: PomStore;
  readonly #known = new Map<Pom, EffectivePom | undefined>();
  /** Projects by their artifact, for those that depend on each other. */
  #projects: Map<string, Pom[]> | undefined;
  #depth = 0;

  constructor(store: PomStore) {
    this.#store = store;
  }

  /** The effective pom; undefined where it needs itself to be known, or too many others. */
  of(pom: Pom): EffectivePom | undefined {
    if (!this.#known.has(pom) && this.#depth < DEEPEST) {
      this.#known.set(pom, undefined);
      this.#depth += 1;
      this.#known.set(pom, this.#assemble(pom));
      this.#depth -= 1;
    }
    return this.#known.get(pom);
  }

  /** The effective pom of an artifact: of a repository, else of a project of the same tree. */
  find(wanted: Coordinates): EffectivePom | undefined {
    const published = this.#store.published(wanted);
    if (published !== undefined) return this.of(published);
    this.#projects ??= Map.groupBy(this.#store.projects(), ({ artifact }) => artifact);
    for (const project of this.#projects.get(wanted.artifact)?.slice(0, MOST_NAMESAKES) ?? []) {
      const found = this.of(project);
      if (found?.group === wanted.group && found.version === wanted.version) return found;
    }
    return undefined;
  }

  #assemble(pom: Pom): EffectivePom {
    const { line, missing: missingParent, chain } = this.#chainOf(pom);
    const propertyOf = propertiesOf(chain);
    const own = (field: 'group' | 'version'): string =>
      interpolate(chain.map((item) => item[field] || (item.parent?.[field] ?? '')).find(Boolean) ?? '', propertyOf);
    const expand = (item: PomDependency): PomDependency => expandDependency(item, propertyOf);
    const effective: EffectivePom = {
      path: pom.path,
      group: own('group'),
      artifact: interpolate(pom.artifact, propertyOf),
      version: own('version'),
      managed: new Map(),
      dependencies: [],
      licences: chain.find(({ licences }) => licences.length > 0)?.licences ?? [],
      missing: missingParent === undefined ? [] : [{ ...missingParent, role: 'parent', ...(line && { line }) }],
    };
    this.#manage(effective, chain.flatMap(({ managed }) => managed).map(expand));
    const declared = new Map<string, PomDependency>();
    for (const parent of chain.toReversed()) {
      for (const { line, ...item } of parent.dependencies.map(expand))
        declared.set(keyOf(item), { ...item, ...(parent === pom && line && { line }) });
    }
    effective.dependencies = [...declared.values()].map((item) => fillIn(item, effective.managed.get(keyOf(item))));
    return effective;
  }

  /** Own entries and those of parents win over imported ones, the first import over the next. */
  #manage(effective: EffectivePom, entries: PomDependency[]): void {
    const { managed, missing } = effective;
    const isImport = ({ scope, type }: PomDependency): boolean => scope === 'import' && type === 'pom';
    const add = (item: PomDependency): void => {
      if (managed.size < MOST_MANAGED && !managed.has(keyOf(item))) managed.set(keyOf(item), item);
    };
    for (const item of entries) if (!isImport(item)) add(item);
    for (const item of entries.filter(isImport)) {
      const imported = this.find(item);
      if (imported === undefined) {
        missing.push({ group: item.group, artifact: item.artifact, version: item.version, role: 'import' });
        continue;
      }
      for (const each of imported.managed.values()) add(each);
      missing.push(...imported.missing.map(({ line: _, ...rest }) => rest));
    }
  }

  /** The pom and its parents, the nearest first, as far as they are at hand. */
  #chainOf(pom: Pom): { chain: Pom[]; missing?: Coordinates; line?: number } {
    const chain = [pom];
    for (let child = pom; child.parent !== undefined && chain.length < MOST_PARENTS; ) {
      const { group, artifact, version, line } = child.parent;
      const propertyOf = propertiesOf(chain);
      const wanted = {
        group: interpolate(group, propertyOf),
        artifact: interpolate(artifact, propertyOf),
        version: interpolate(version, propertyOf),
      };
      const parent = this.#parentOf(child, wanted);
      if (parent === undefined || chain.includes(parent)) {
        return { chain, missing: wanted, ...(child === pom && { line }) };
      }
      chain.push(parent);
      child = parent;
    }
    return { chain };
  }

  #parentOf(child: Pom, wanted: Coordinates): Pom | undefined {
    const folder = child.path.slice(0, Math.max(0, child.path.lastIndexOf('/')));
    const beside = [child.parent!.relativePath, '../pom.xml'].flatMap((path) =>
      path === '' ? [] : (this.#store.at(folder, path) ?? []),
    );
    const same = beside.find((pom) => isParent(pom, wanted) && agrees(pom.version, wanted.version));
    return same ?? this.#store.published(wanted) ?? beside.find((pom) => isParent(pom, wanted));
  }
}

/** A folder may hold another project where the parent is expected. */
function isParent({ group, artifact }: Pom, wanted: Coordinates): boolean {
  return artifact === wanted.artifact && agrees(group, wanted.group);
}

/** What is inherited or a property may be anything. */
function agrees(stated: string, wanted: string): boolean {
  return stated === '' || stated.includes('${') || wanted.includes('${') || stated === wanted;
}

/** Values of properties: what a project says of itself, then what the nearest of its parents sets. */
function propertiesOf(chain: Pom[]): (name: string) => string | undefined {
  const field = (name: 'group' | 'version'): string | undefined =>
    chain.map((pom) => pom[name] || pom.parent?.[name]).find(Boolean);
  const parent = chain[0]!.parent;
  const own = new Map<string, string | undefined>([
    ['groupId', field('group')],
    ['artifactId', chain[0]!.artifact],
    ['version', field('version')],
    ['parent.groupId', parent?.group],
    ['parent.artifactId', parent?.artifact],
    ['parent.version', parent?.version],
  ]);
  return (name) => {
    const stated = own.get(name.replace(/^(?:project|pom)\./, ''));
    return stated || chain.find(({ properties }) => properties.has(name))?.properties.get(name);
  };
}

function expandDependency(item: PomDependency, propertyOf: (name: string) => string | undefined): PomDependency {
  const put = (text: string): string => (text.includes('$') ? interpolate(text, propertyOf) : text);
  return {
    group: put(item.group),
    artifact: put(item.artifact),
    version: put(item.version),
    type: put(item.type),
    classifier: put(item.classifier),
    scope: put(item.scope),
    optional: item.optional,
    exclusions: item.exclusions.map(put),
    ...(item.line && { line: item.line }),
  };
}

/** A dependency with what is managed for it where it says nothing itself. */
function fillIn(item: PomDependency, managed: PomDependency | undefined): PomDependency {
  if (managed === undefined) return item;
  return {
    ...item,
    version: item.version || managed.version,
    scope: item.scope || managed.scope,
    optional: item.optional || managed.optional,
    exclusions: [...item.exclusions, ...managed.exclusions],
  };
}
