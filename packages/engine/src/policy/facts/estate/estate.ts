import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, objectsOf, textOf } from '../../../json/index.ts';
import { CelUnknown } from '../../cel/index.ts';
import { ClusterFacts, type KnownFacts } from '../cluster/index.ts';
import type { ClusterFactName, EstateSource, EstateSubject, Surroundings } from '../estate-source.ts';
import { type Entry, entryOf, entryOfCase, manifestOf, podOf, usualVersion } from './entry.ts';
import { type GrantFact, Grants } from './grants.ts';
import { type Kinds, kindsOf, namespaceOf, WELL_KNOWN } from './kinds.ts';
import { namedBy } from './references.ts';
import { type Route, type RoutesTo, routesOf } from './routes.ts';
import { Selection } from './selection.ts';
import { type EstateIndex, EstateView } from './view.ts';

export interface EstateOptions {
  /**
   * Everything that exists is in view, as in a live cluster: what is not there does not exist. Of files it may be
   * defined elsewhere, and references to kinds of which none are in view stay unknown.
   */
  complete?: boolean;
  /** Templates could not be rendered, and what is not in view may be in them. */
  partial?: boolean;
  /** Kinds that could not be read. */
  unread?: readonly string[];
  /** Facts that take all objects together may be asked for: `exposure`, `network`, `permissions`, `tenancy`. */
  together?: boolean;
  /** What was worked out of the same objects before, so that it is not worked out again. */
  known?: KnownFacts;
}

/**
 * The objects of one cluster, for the facts `estate` and `grants` of each of them. Indexes are made when they are first
 * asked for, and shared by all subjects of an evaluation.
 */
export class Estate implements EstateSource, EstateIndex {
  readonly complete: boolean;
  readonly partial: boolean;
  readonly unread: ReadonlySet<string>;
  readonly #entries: readonly Entry[];
  #kinds: Kinds | undefined;
  #byName: Map<string, Entry> | undefined;
  #namespaces: Map<string, JsonObject> | undefined;
  #within: Map<string, Kinds> | undefined;
  #namedBy: Map<string, Set<JsonObject>> | undefined;
  #selection: Selection | undefined;
  #routesTo: RoutesTo | undefined;
  #grants: Grants | undefined;
  readonly #together: boolean;
  readonly #known: KnownFacts | undefined;
  readonly #objects: readonly ManifestObject[] | undefined;
  #cluster: ClusterFacts | undefined;

  constructor(
    entries: readonly Entry[],
    { complete = false, partial = false, unread = [], together = false, known }: EstateOptions = {},
    objects?: readonly ManifestObject[],
  ) {
    this.#entries = entries;
    this.complete = complete;
    this.partial = partial;
    this.unread = new Set(unread);
    this.#together = together;
    this.#known = known;
    this.#objects = objects;
  }

  /** Every object by kind; kinds that could not be read are unknown. */
  get kinds(): Kinds {
    this.#kinds ??= this.#withUnread(listsOf(this.#entries));
    return this.#kinds;
  }

  /** Objects of a namespace by kind. */
  within(namespace: string): Kinds {
    this.#within ??= new Map(
      [...Map.groupBy(this.#entries, (entry) => entry.namespace)].map(([name, entries]) => [
        name,
        kindsOf(this.#withUnread(listsOf(entries))),
      ]),
    );
    return this.#within.get(namespace) ?? kindsOf(this.#withUnread({}));
  }

  find(kind: string, namespace: string, name: string): Entry | undefined {
    this.#byName ??= new Map(this.#entries.map((entry) => [keyOf(entry.kind, entry.namespace, entry.name), entry]));
    return this.#byName.get(keyOf(kind, namespace, name));
  }

  /** The Namespace object of a name. */
  namespaceOf(name: string): JsonObject | undefined {
    this.#namespaces ??= new Map(
      this.#entries.filter(({ kind }) => kind === 'Namespace').map((entry) => [entry.name, entry.object]),
    );
    return this.#namespaces.get(name);
  }

  /** Objects that name an object. */
  namedBy({ kind, namespace, name }: Entry): readonly JsonObject[] {
    this.#namedBy ??= indexNames(this.#entries);
    return [...(this.#namedBy.get(keyOf(kind, namespace, name)) ?? [])];
  }

  get selection(): Selection {
    this.#selection ??= new Selection(this.#entries, this);
    return this.#selection;
  }

  /** Ways in from outside through a Service. */
  routesTo(service: JsonObject): Route[] {
    this.#routesTo ??= routesOf(this.#entries, this.complete);
    return this.#routesTo(service);
  }

  around(subject: EstateSubject): ObjectSurroundings | undefined {
    const at = subjectEntry(subject);
    return at === undefined ? undefined : new ObjectSurroundings(this, at);
  }

  /** Of a binding what it gives, of a service account and a workload what its account is given. */
  grantsOf(at: Entry): GrantFact[] | CelUnknown {
    const missing = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'].find((kind) => this.unread.has(kind));
    if (missing !== undefined) return new CelUnknown([`estate.${missing}`]);
    this.#grants ??= new Grants(this.#entries, this);
    if (at.kind === 'RoleBinding' || at.kind === 'ClusterRoleBinding') return this.#grants.ofBinding(at);
    if (at.kind === 'ServiceAccount') return this.#grants.ofAccount(at.namespace, at.name);
    const pod = podOf(at);
    if (pod === undefined) return [];
    return this.#grants.ofAccount(at.namespace, textOf(fieldOf(pod, 'serviceAccountName')) || 'default');
  }

  /** Undefined where such facts may not be asked for. An object that is not among the others is put beside them. */
  clusterFactsWith(at: Entry): ClusterFacts | undefined {
    if (!this.#together) return undefined;
    if (this.find(at.kind, at.namespace, at.name) === undefined)
      return new ClusterFacts([...this.#entries, at].map(manifestOf), this);
    this.#cluster ??= new ClusterFacts(this.#objects ?? this.#entries.map(manifestOf), this, this.#known);
    return this.#cluster;
  }

  #withUnread(lists: Record<string, JsonObject[]>): Kinds {
    const kinds: Record<string, unknown> = lists;
    for (const kind of this.unread) kinds[kind] = new CelUnknown([`estate.${kind}`]);
    /* That there is none is not known where templates may define one. */
    if (this.partial) for (const kind of WELL_KNOWN) kinds[kind] ??= new CelUnknown([`estate.${kind}`]);
    return kinds as Kinds;
  }
}

/** One object among those of its cluster. */
class ObjectSurroundings implements Surroundings {
  readonly #estate: Estate;
  readonly #at: Entry;
  #facts: ClusterFacts | undefined;

  constructor(estate: Estate, at: Entry) {
    this.#estate = estate;
    this.#at = at;
  }

  get view(): EstateView {
    return new EstateView(this.#estate, this.#at);
  }

  get grants(): GrantFact[] | CelUnknown {
    return this.#estate.grantsOf(this.#at);
  }

  fact(name: ClusterFactName): unknown {
    this.#facts ??= this.#estate.clusterFactsWith(this.#at);
    return this.#facts?.of(name, this.#at);
  }
}

const keyOf = (kind: string, namespace: string, name: string): string => `${kind}\u0000${namespace}\u0000${name}`;

function indexNames(entries: readonly Entry[]): Map<string, Set<JsonObject>> {
  const index = new Map<string, Set<JsonObject>>();
  for (const entry of entries)
    for (const { kind, namespace, name } of namedBy(entry)) {
      const key = keyOf(kind, namespace, name);
      index.set(key, (index.get(key) ?? new Set()).add(entry.object));
    }
  return index;
}

/** Without a prototype: a kind may have any name. */
function listsOf(entries: readonly Entry[]): Record<string, JsonObject[]> {
  const lists: Record<string, JsonObject[]> = Object.create(null);
  for (const { kind, object } of entries) {
    const list = lists[kind];
    if (list === undefined) lists[kind] = [object];
    else list.push(object);
  }
  return lists;
}

function subjectEntry({ object, namespace }: EstateSubject): Entry | undefined {
  const kind = textOf(fieldOf(object, 'kind'));
  if (object === undefined || kind === undefined) return undefined;
  return {
    kind,
    apiVersion: textOf(fieldOf(object, 'apiVersion')) ?? usualVersion(kind),
    namespace: namespaceOf(kind, fieldAt(object, 'metadata', 'namespace'), namespace),
    name: textOf(fieldAt(object, 'metadata', 'name')) ?? '',
    object,
  };
}

/** The estates of objects that were read, one for each cluster. */
export function estatesOf(objects: readonly ManifestObject[], options: EstateOptions = {}): Map<string, Estate> {
  return new Map(
    [...Map.groupBy(objects, ({ cluster }) => cluster)].map(([cluster, own]) => [
      cluster,
      new Estate(own.map(entryOf), options, own),
    ]),
  );
}

/** The estate that a policy's case gives as lists by kind: everything that there is. */
export function estateOfLists(lists: Readonly<Record<string, unknown>>): Estate {
  const entries = Object.entries(lists).flatMap(([kind, list]) =>
    objectsOf(list as Json).map((object) => entryOfCase(kind, object)),
  );
  return new Estate(entries, { complete: true, together: true });
}
