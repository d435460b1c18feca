import type { JsonObject } from '@breakwater/model';
import { fieldAt, fieldOf, objectsOf, textOf } from '../../../json/index.ts';
import { CelUnknown, type Failure, type Value } from '../../cel/index.ts';
import { type Entry, podOf } from './entry.ts';
import { isBuiltInRole } from './grants.ts';
import { addKinds, EmptyKinds, type Kinds } from './kinds.ts';
import { mayName, type Named, namedBy } from './references.ts';
import { ROUTING_KINDS, type Route } from './routes.ts';
import type { SelectedBy, Selection } from './selection.ts';

/** The indexes over all objects through which one object's surroundings are found. */
export interface EstateIndex {
  readonly complete: boolean;
  readonly partial: boolean;
  readonly unread: ReadonlySet<string>;
  readonly kinds: Kinds;
  readonly selection: Selection;
  within(namespace: string): Kinds;
  find(kind: string, namespace: string, name: string): Entry | undefined;
  namespaceOf(name: string): JsonObject | undefined;
  namedBy(entry: Entry): readonly JsonObject[];
  routesTo(service: JsonObject): Route[];
}

/** Another object that the judged one names, and whether it is there. */
interface Reference extends Named {
  /** Unknown where it may be defined elsewhere: nothing of its kind is in view in its namespace. */
  found: boolean | CelUnknown;
}

/**
 * The fact `estate` of one object. Fields with a capital are all objects of a kind (`estate.Service`); the others are
 * what is tied to the object itself, joined through indexes, so that policies need not go through every list:
 *
 * - `namespace`: the Namespace object; absent where none is in view
 * - `within`: objects by kind in its namespace, or in the one that it is
 * - `references`: what it names, each with `kind`, `namespace`, `name`, `as`, `optional`, `found`
 * - `namedBy`: objects that name it
 * - `selected`: workloads whose pods its selector selects
 * - `selectedBy`: objects by kind whose selectors select its pods
 * - `isolated`: whether some policy restricts `ingress` and `egress` of its pods
 * - `routes`: ways in from outside, each with `kind`, `name`, `namespace`, `service`
 * - `account`: the ServiceAccount of its pods; absent where none is in view
 * - `token`: whether its pods are given a token for the API server
 */
export class EstateView extends EmptyKinds {
  readonly #estate: EstateIndex;
  readonly #at: Entry;
  #references: readonly Reference[] | undefined;
  #selectedBy: SelectedBy | CelUnknown | undefined;

  constructor(estate: EstateIndex, at: Entry) {
    super();
    addKinds(this, estate.kinds);
    this.#estate = estate;
    this.#at = at;
  }

  get namespace(): JsonObject | CelUnknown | undefined {
    const { namespace } = this.#at;
    const found = this.#estate.namespaceOf(namespace);
    return found === undefined && namespace !== '' ? this.#unlessInView('Namespace') : found;
  }

  get within(): Kinds {
    const { kind, name, namespace } = this.#at;
    return this.#estate.within(kind === 'Namespace' ? name : namespace);
  }

  get references(): readonly Reference[] {
    this.#references ??= namedBy(this.#at).map((named) => ({ ...named, found: this.#isThere(named) }));
    return this.#references;
  }

  get namedBy(): readonly JsonObject[] | CelUnknown {
    const { unread, partial } = this.#estate;
    const { kind } = this.#at;
    const missing = [...unread].find((other) => mayName(other, kind));
    if (missing !== undefined) return new CelUnknown([`estate.${missing}`]);
    const found = this.#estate.namedBy(this.#at);
    return found.length === 0 && partial ? new CelUnknown(['estate.namedBy']) : found;
  }

  get selected(): readonly JsonObject[] | Failure | undefined {
    return this.#estate.selection.selectedOf(this.#at);
  }

  get selectedBy(): Value | undefined {
    const found = this.#selectors();
    return found === undefined || found instanceof CelUnknown ? found : found.kinds;
  }

  get isolated(): Value | undefined {
    const found = this.#selectors();
    return found === undefined || found instanceof CelUnknown ? found : found.isolated;
  }

  /** One that was found is known, whatever else there may be; that there is none only where all are in view. */
  get routes(): readonly Route[] | CelUnknown | undefined {
    const found = this.#selectors();
    if (found === undefined || found instanceof CelUnknown) return found;
    const services = found.kinds['Service'] ?? [];
    if (services instanceof CelUnknown) return services;
    const routes = services.flatMap((service) => this.#estate.routesTo(service));
    if (routes.length > 0 || services.length === 0) return routes;
    const { unread, partial } = this.#estate;
    const missing = ROUTING_KINDS.find((kind) => partial || unread.has(kind));
    return missing === undefined ? routes : new CelUnknown([`estate.${missing}`]);
  }

  get account(): JsonObject | CelUnknown | undefined {
    const name = this.#accountName();
    if (name === undefined) return undefined;
    return (
      this.#estate.find('ServiceAccount', this.#at.namespace, name)?.object ?? this.#unlessInView('ServiceAccount')
    );
  }

  get token(): boolean | CelUnknown | undefined {
    const pod = podOf(this.#at);
    if (pod === undefined) return undefined;
    if (projectsToken(pod)) return true;
    const own = fieldOf(pod, 'automountServiceAccountToken');
    if (own !== undefined) return own !== false;
    const account = this.account;
    return account instanceof CelUnknown ? account : fieldOf(account, 'automountServiceAccountToken') !== false;
  }

  #selectors(): SelectedBy | CelUnknown | undefined {
    if (podOf(this.#at) === undefined) return undefined;
    this.#selectedBy ??= this.#estate.selection.selectedByOf(this.#at);
    return this.#selectedBy;
  }

  /** What is said of an object that was not found: nothing, where all of its kind are in view. */
  #unlessInView(kind: string): CelUnknown | undefined {
    const { unread, partial } = this.#estate;
    return partial || unread.has(kind) ? new CelUnknown([`estate.${kind}`]) : undefined;
  }

  #accountName(): string | undefined {
    const pod = podOf(this.#at);
    return pod === undefined ? undefined : textOf(fieldOf(pod, 'serviceAccountName')) || 'default';
  }

  #isThere(named: Named): boolean | CelUnknown {
    const { kind, namespace, name } = named;
    if (this.#estate.find(kind, namespace, name) !== undefined || isGiven(named)) return true;
    const known = this.#estate.complete || (this.#estate.within(namespace)[kind]?.length ?? 0) > 0;
    return known && !this.#estate.partial && !this.#estate.unread.has(kind)
      ? false
      : new CelUnknown([`${kind} ${namespace}/${name}`]);
  }
}

/** What Kubernetes makes by itself. */
function isGiven({ kind, namespace, name }: Named): boolean {
  switch (kind) {
    case 'ServiceAccount':
      return name === 'default';
    case 'ConfigMap':
      return name === 'kube-root-ca.crt';
    case 'ClusterRole':
      return name.startsWith('system:') || isBuiltInRole(`ClusterRole ${name}`);
    case 'Role':
      return (
        /^kube-(system|public)$/.test(namespace) && /^(system:|extension-apiserver-authentication-reader$)/.test(name)
      );
    default:
      return false;
  }
}

/** A projected volume may give a token, whatever automounting says. */
function projectsToken(pod: JsonObject): boolean {
  return objectsOf(fieldOf(pod, 'volumes')).some((volume) =>
    objectsOf(fieldAt(volume, 'projected', 'sources')).some((source) => {
      const token = fieldOf(source, 'serviceAccountToken');
      const audience = fieldAt(source, 'serviceAccountToken', 'audience');
      return token !== undefined && (audience === undefined || audience === '' || /kubernetes/.test(String(audience)));
    }),
  );
}
