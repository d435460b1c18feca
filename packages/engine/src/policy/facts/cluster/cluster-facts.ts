import type { Exposure, ManifestObject, Workload } from '@breakwater/model';
import { identityOf } from '../../../identity/index.ts';
import type { IdentityFacts, PermissionStep } from '../../../identity/types.ts';
import { workloadsOnDemand } from '../../../inventory/workloads-of.ts';
import { type Borders, exposuresIn, Tenancy } from '../../../tenancy/index.ts';
import { CelUnknown } from '../../cel/index.ts';
import type { ClusterFactName } from '../estate-source.ts';
import { POD_KINDS } from '../kubernetes.ts';
import { NamespaceNetworkFact, NetworkFact } from './network-fact.ts';
import { type HeldAccount, PermissionsFact } from './permissions-fact.ts';
import { NamespaceTenancyFact, ObjectTenancyFact, WorkloadTenancyFact } from './tenancy-fact.ts';

/** Which object a fact is asked about. */
export interface ClusterSubject {
  kind: string;
  namespace: string;
  name: string;
}

/** How far the objects at hand are all that there are. */
export interface ClusterView {
  complete: boolean;
  partial: boolean;
  unread: ReadonlySet<string>;
}

/** Ways in from outside, and where there are policies that are not evaluated, at least and at most. */
export interface WaysIn {
  exposures: readonly Exposure[];
  least?: { exposures: readonly Exposure[] };
  most?: { exposures: readonly Exposure[] };
}

/** What was worked out of the same objects before, for this cluster or for all of them. */
export interface KnownFacts {
  workloads?: readonly Workload[] | undefined;
  reachability?: WaysIn | undefined;
  identity?: IdentityFacts | undefined;
}

/** Ways in from outside by id of workload. */
type Exposures = ReadonlyMap<string, readonly Exposure[]>;

/** Kinds that decide who may talk to whom. */
const DECIDING = [
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'UserDefinedNetwork',
  'ClusterUserDefinedNetwork',
  'NetworkAttachmentDefinition',
  'Namespace',
];

/** Kinds that lead in from outside. */
const LEADING = [
  'Service',
  'Ingress',
  'Gateway',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
  'UDPRoute',
  'Route',
];

/** Kinds that say together what leads to a workload. */
const WAYS = [...LEADING, ...DECIDING];

/** Kinds that tell what tenants there are, where they run and what bounds them. */
const TENANCY = [...POD_KINDS, ...LEADING, 'Namespace', 'Node', 'RuntimeClass', 'ResourceQuota', 'LimitRange'];

const BINDING = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];

/**
 * Facts that take all objects of a cluster together: `exposure`, `network`, `permissions`, `tenancy`. Nothing of them is
 * worked out before a policy reads one, and then once for all objects.
 */
export class ClusterFacts {
  readonly #objects: readonly ManifestObject[];
  readonly #view: ClusterView;
  readonly #known: KnownFacts;
  #workloads: readonly Workload[] | undefined;
  #positions: ReadonlyMap<string, number> | undefined;
  #tenancy: Tenancy | undefined;
  #exposures: { certain: Exposures; possible: Exposures } | undefined;
  #identity: IdentityFacts | undefined;
  #steps: ReadonlyMap<string, readonly PermissionStep[]> | undefined;
  #bound: boolean | undefined;

  /** `objects` are of one cluster. */
  constructor(objects: readonly ManifestObject[], view: ClusterView, known: KnownFacts = {}) {
    this.#objects = objects;
    this.#view = view;
    this.#known = known;
  }

  get #name(): string {
    return this.#objects[0]?.cluster ?? '';
  }

  /**
   * A fact of an object; undefined where the object has no such fact, or is not among those at hand. It is made anew each
   * time, and not kept: of ten thousand objects that would be most of what is in memory.
   */
  of(fact: ClusterFactName, subject: ClusterSubject): unknown {
    switch (fact) {
      case 'exposure':
        return this.#exposure(subject);
      case 'network':
        return this.#network(subject);
      case 'permissions':
        return this.#permissions(subject);
      case 'tenancy':
        return this.#tenancyOf(subject);
    }
  }

  get workloads(): readonly Workload[] {
    this.#workloads ??=
      this.#known.workloads?.filter(({ cluster }) => cluster === this.#name) ?? workloadsOnDemand(this.#objects);
    return this.#workloads;
  }

  get tenancy(): Tenancy {
    this.#tenancy ??= new Tenancy({ objects: this.#objects, workloads: this.workloads });
    return this.#tenancy;
  }

  /**
   * Ways in from outside by workload: the certain ones, and those that may be there too, where there are policies that are
   * not evaluated.
   */
  get #waysIn(): { certain: Exposures; possible: Exposures } {
    if (this.#exposures === undefined) {
      const { exposures, least, most } = this.#known.reachability ?? this.#readWays();
      const byWorkload = (ways: readonly Exposure[]): Exposures => Map.groupBy(ways, ({ workload }) => workload);
      this.#exposures = {
        certain: byWorkload(least?.exposures ?? exposures),
        possible: byWorkload(most?.exposures ?? exposures),
      };
    }
    return this.#exposures;
  }

  /** Who may talk to whom is worked out once for all facts. */
  #readWays(): WaysIn {
    const { borders, bordersInDoubt } = this.tenancy;
    const exposures = exposuresIn(this.tenancy, borders);
    if (bordersInDoubt === undefined) return { exposures };
    const under = (assumed: Borders) => ({ exposures: exposuresIn(this.tenancy, assumed) });
    return { exposures, least: under(bordersInDoubt.least), most: under(bordersInDoubt.most) };
  }

  #positionOf(subject: ClusterSubject): number | undefined {
    this.#positions ??= new Map(this.workloads.map((workload, position) => [idOf(workload), position]));
    return this.#positions.get(idOf(subject));
  }

  #exposure(subject: ClusterSubject): unknown {
    const position = this.#positionOf(subject);
    return position === undefined ? undefined : this.#waysTo(position);
  }

  /** One way in that was found is known, whatever else there may be; that there is none only where all are in view. */
  #waysTo(position: number): readonly Exposure[] | CelUnknown {
    const { id } = this.workloads[position]!;
    const { certain, possible } = this.#waysIn;
    const [found, atMost] = [certain.get(id) ?? [], possible.get(id) ?? []];
    if (found.some(({ from }) => from === 'internet')) return found;
    const missing = this.#missing(WAYS);
    if (missing !== undefined || atMost.length === found.length) return missing ?? found;
    return new CelUnknown([`what ${this.tenancy.bordersInDoubt?.because ?? 'policies that are not evaluated'} allows`]);
  }

  #network(subject: ClusterSubject): unknown {
    const missing = this.#missing(DECIDING);
    if (subject.kind === 'Namespace') {
      const own = this.workloads.flatMap(({ namespace }, position) => (namespace === subject.name ? [position] : []));
      return new NamespaceNetworkFact(this.tenancy, own, missing);
    }
    const position = this.#positionOf(subject);
    if (position === undefined) return undefined;
    const gaps = { policies: missing, services: this.#missing(['Service']) };
    return new NetworkFact(this.tenancy, position, () => this.#waysTo(position), gaps);
  }

  #permissions(subject: ClusterSubject): unknown {
    const account = this.#accountOf(subject);
    if (account === undefined) return undefined;
    const missing = this.#missing(BINDING) ?? this.#noBindings();
    this.#identity ??= this.#known.identity ?? identityOf(this.#objects, this.workloads);
    this.#steps ??= Map.groupBy(this.#identity.steps, ({ identity }) => identity);
    return new PermissionsFact(this.#identity, this.#steps, account, missing ?? this.#roleMissing());
  }

  /** A role that a binding names and that is not in view may give anything. */
  #roleMissing(): CelUnknown | undefined {
    const open = !this.#view.complete && this.#identity?.unknowns.some(({ code }) => code === 'role-missing');
    return open ? new CelUnknown(['roles that are not in view']) : undefined;
  }

  #accountOf(subject: ClusterSubject): HeldAccount | undefined {
    const { kind, namespace, name } = subject;
    if (kind === 'ServiceAccount') return { cluster: this.#name, namespace, name };
    const position = this.#positionOf(subject);
    const workload = position === undefined ? undefined : this.workloads[position];
    return workload && { cluster: this.#name, namespace, name: workload.serviceAccount, workload: workload.id };
  }

  #tenancyOf(subject: ClusterSubject): unknown {
    const { kind, namespace, name } = subject;
    const missing = this.#missing(TENANCY);
    if (kind === 'Namespace') return new NamespaceTenancyFact(this.tenancy, name, missing);
    const position = this.#positionOf(subject);
    if (position !== undefined) return new WorkloadTenancyFact(this.tenancy, position, missing);
    return namespace === '' ? undefined : new ObjectTenancyFact(this.tenancy, { kind, namespace, name }, missing);
  }

  #missing(kinds: readonly string[]): CelUnknown | undefined {
    const { unread: kindsUnread } = this.#view;
    const unread = kindsUnread.size === 0 ? undefined : kinds.find((kind) => kindsUnread.has(kind));
    if (unread !== undefined) return new CelUnknown([`estate.${unread}`]);
    return this.#view.partial ? new CelUnknown(['what templates that were not rendered define']) : undefined;
  }

  /** Files that hold no binding at all do not say that there is none. */
  #noBindings(): CelUnknown | undefined {
    this.#bound ??=
      this.#view.complete || this.#objects.some(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding');
    return this.#bound ? undefined : new CelUnknown(['permissions']);
  }
}

const idOf = ({ kind, namespace, name }: ClusterSubject): string => `${namespace}/${kind}/${name}`;
