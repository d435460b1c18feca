import type { Exposure, ManifestObject, Workload } from '@breakwater/model';
import { identityOf } from '../../../identity/index.ts';
import type { IdentityFacts, PermissionStep } from '../../../identity/types.ts';
import { workloadsOf } from '../../../inventory/workloads-of.ts';
import type { Connectivity } from '../../../network/connectivity/index.ts';
import { exposuresOf } from '../../../network/exposure.ts';
import { finderOf, reachabilityOf, servicesOf } from '../../../network/index.ts';
import { Tenancy } from '../../../tenancy/index.ts';
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

/** What was worked out of the same objects before, for this cluster or for all of them. */
export interface KnownFacts {
  workloads?: readonly Workload[] | undefined;
  exposures?: readonly Exposure[] | undefined;
  identity?: IdentityFacts | undefined;
}

/** Kinds that decide who may talk to whom. */
const DECIDING = [
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'Namespace',
];

/** Kinds that decide it too and that these facts do not look at. */
const NOT_EVALUATED: readonly (readonly [kind: RegExp, group: RegExp])[] = [
  [/^Cilium(Clusterwide)?NetworkPolicy$/, /^cilium\.io\//],
  [/^(Global)?NetworkPolicy$/, /projectcalico\.org\//],
  [/^(Cluster)?UserDefinedNetwork$/, /^k8s\.ovn\.org\//],
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
  #exposures: ReadonlyMap<string, readonly Exposure[]> | undefined;
  #identity: IdentityFacts | undefined;
  #steps: ReadonlyMap<string, readonly PermissionStep[]> | undefined;
  readonly #facts = new Map<string, unknown>();
  #unevaluated: CelUnknown | false | undefined;
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

  /** A fact of an object; undefined where the object has no such fact, or is not among those at hand. */
  of(fact: ClusterFactName, subject: ClusterSubject): unknown {
    const key = `${fact} ${idOf(subject)}`;
    let found = this.#facts.get(key);
    if (found === undefined) {
      found = this.#read(fact, subject);
      this.#facts.set(key, found);
    }
    return found;
  }

  get workloads(): readonly Workload[] {
    this.#workloads ??=
      this.#known.workloads?.filter(({ cluster }) => cluster === this.#name) ?? workloadsOf(this.#objects).workloads;
    return this.#workloads;
  }

  get tenancy(): Tenancy {
    this.#tenancy ??= new Tenancy({ objects: this.#objects, workloads: this.workloads });
    return this.#tenancy;
  }

  /** Ways in from outside to a workload. */
  exposuresOf(position: number): readonly Exposure[] {
    this.#exposures ??= Map.groupBy(this.#known.exposures ?? this.#readExposures(), ({ workload }) => workload);
    return this.#exposures.get(this.workloads[position]!.id) ?? [];
  }

  /** Who may talk to whom is worked out once for all facts, as long as there is one network. */
  #readExposures(): readonly Exposure[] {
    if (this.#notEvaluated() !== undefined) return reachabilityOf(this.#objects, this.workloads).exposures;
    const services = servicesOf(this.#objects, finderOf(this.workloads));
    const reachOf = (): Connectivity => this.tenancy.borders.connectivity;
    return exposuresOf({ workloads: this.workloads, reachOf, objects: this.#objects, services }).exposures;
  }

  #read(fact: ClusterFactName, subject: ClusterSubject): unknown {
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
    const found = this.exposuresOf(position);
    if (found.some(({ from }) => from === 'internet')) return found;
    return this.#missing([...LEADING, ...DECIDING]) ?? found;
  }

  #network(subject: ClusterSubject): unknown {
    const missing = this.#missing(DECIDING) ?? this.#notEvaluated();
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
    const unread = kinds.find((kind) => this.#view.unread.has(kind));
    if (unread !== undefined) return new CelUnknown([`estate.${unread}`]);
    return this.#view.partial ? new CelUnknown(['what templates that were not rendered define']) : undefined;
  }

  #notEvaluated(): CelUnknown | undefined {
    if (this.#unevaluated === undefined) {
      const found = this.#objects.find(({ kind, apiVersion }) =>
        NOT_EVALUATED.some(([kinds, groups]) => kinds.test(kind) && groups.test(apiVersion)),
      );
      this.#unevaluated = found === undefined ? false : new CelUnknown([`what ${found.kind} ${found.name} allows`]);
    }
    return this.#unevaluated || undefined;
  }

  /** Files that hold no binding at all do not say that there is none. */
  #noBindings(): CelUnknown | undefined {
    this.#bound ??=
      this.#view.complete || this.#objects.some(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding');
    return this.#bound ? undefined : new CelUnknown(['permissions']);
  }
}

const idOf = ({ kind, namespace, name }: ClusterSubject): string => `${namespace}/${kind}/${name}`;
