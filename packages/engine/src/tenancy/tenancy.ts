import type { ManifestObject, Workload } from '@breakwater/model';
import { type Policy, reachOfNetworks } from '../network/connectivity/index.ts';
import { finderOf, type Service, servicesOf } from '../network/index.ts';
import { unevaluatedPolicies } from '../network/unevaluated-policies.ts';
import { type SharedStore, sharedStores } from '../storage/index.ts';
import { Borders } from './borders.ts';
import { type Bounds, boundsOf, unboundedContainers } from './bounds.ts';
import { type ContestedHosts, contestedHosts, type TakenHost, takenHosts } from './claims.ts';
import { type Diversion, diversionsOf } from './diversions.ts';
import { type Listening, listeningOf, onTheWire, Plaintext } from './interception.ts';
import { type Isolation, isolationOf, runtimeHandlers } from './isolation.ts';
import { type Listener, listenersOf } from './listeners.ts';
import { Meshes, type MeshMembership } from './mesh.ts';
import { Neighbours } from './neighbours.ts';
import { Placements } from './placement.ts';
import { type PodTemplate, podTemplatesOf } from './pods.ts';
import { type Segment, segmentOf } from './segment.ts';
import { type TenantSettings, Tenants } from './tenants.ts';

/** What a cluster is made of, for `Tenancy`. */
export interface TenancyInput {
  /** Of one cluster. */
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  settings?: TenantSettings;
}

/** What holds if policies that are not evaluated close all that they may, and if they open it. */
export interface BordersInDoubt {
  least: Borders;
  most: Borders;
  /** The first of those policies: `CiliumNetworkPolicy web`. */
  because: string;
}

/**
 * What tenants of one cluster can do to each other: reach each other, share nodes, listen, divert, starve. Each part is
 * worked out when it is first asked for, once for all workloads; workloads are named by their position.
 */
export class Tenancy {
  readonly objects: readonly ManifestObject[];
  readonly workloads: readonly Workload[];
  readonly #settings: TenantSettings;
  #tenants: Tenants | undefined;
  #templates: PodTemplate[] | undefined;
  #services: readonly Service[] | undefined;
  #borders: Borders | undefined;
  #doubt: BordersInDoubt | false | undefined;
  #placements: Placements | undefined;
  #neighbours: Neighbours | undefined;
  #isolation: Isolation[] | undefined;
  #listeners: Listener[][] | undefined;
  #memberships: (MeshMembership | undefined)[] | undefined;
  #plaintext: Plaintext | undefined;
  #segment: Segment | undefined;
  #bounds: ReadonlyMap<string, Bounds> | undefined;
  #contested: ContestedHosts | undefined;
  #takenHosts: readonly TakenHost[] | undefined;
  #diversions: ReadonlyMap<string, readonly Diversion[]> | undefined;
  #stores: ReadonlyMap<string, readonly SharedStore[]> | undefined;

  constructor({ objects, workloads, settings = {} }: TenancyInput) {
    this.objects = objects;
    this.workloads = workloads;
    this.#settings = settings;
  }

  get tenants(): Tenants {
    this.#tenants ??= new Tenants(this.objects, this.workloads, this.#settings);
    return this.#tenants;
  }

  get templates(): readonly PodTemplate[] {
    this.#templates ??= podTemplatesOf(this.objects, this.workloads);
    return this.#templates;
  }

  get services(): readonly Service[] {
    this.#services ??= servicesOf(this.objects, finderOf(this.workloads));
    return this.#services;
  }

  get borders(): Borders {
    this.#borders ??= this.#bordersUnder([]);
    return this.#borders;
  }

  /** Undefined where every policy is evaluated. */
  get bordersInDoubt(): BordersInDoubt | undefined {
    if (this.#doubt === undefined) {
      const { policies, closing, opening } = unevaluatedPolicies(this.objects, this.borders.policies);
      const [first] = policies;
      this.#doubt = first !== undefined &&
        closing.length > 0 && {
          least: this.#bordersUnder(closing),
          most: opening.length === 0 ? this.borders : this.#bordersUnder(opening),
          because: `${first.kind} ${first.name}`,
        };
    }
    return this.#doubt || undefined;
  }

  #bordersUnder(assumed: readonly Policy[]): Borders {
    const cluster = this.workloads[0]?.cluster ?? this.objects[0]?.cluster ?? '';
    const reach = reachOfNetworks(cluster, this.objects, this.workloads, { assumed });
    return new Borders(reach, this.workloads, this.tenants);
  }

  get placements(): Placements {
    this.#placements ??= new Placements(this.objects, this.templates);
    return this.#placements;
  }

  get neighbours(): Neighbours {
    this.#neighbours ??= new Neighbours(this.placements, this.tenants.ofWorkload, this.tenants.list.length);
    return this.#neighbours;
  }

  /** How well each workload's pods are kept apart from others on their node. */
  get isolation(): readonly Isolation[] {
    if (this.#isolation === undefined) {
      const handlers = runtimeHandlers(this.objects);
      this.#isolation = this.workloads.map((workload, position) =>
        isolationOf(workload, this.templates[position]!, handlers),
      );
    }
    return this.#isolation;
  }

  /** Membership of each workload in a service mesh. */
  get memberships(): readonly (MeshMembership | undefined)[] {
    if (this.#memberships === undefined) {
      const meshes = new Meshes(this.objects);
      this.#memberships = this.workloads.map((workload, position) =>
        meshes.membershipOf(workload, this.templates[position]!),
      );
    }
    return this.#memberships;
  }

  /** Ports of each workload, as they are on the wire. */
  get listeners(): readonly (readonly Listener[])[] {
    this.#listeners ??= listenersOf(this.objects, this.workloads, this.templates, this.services).map((own, position) =>
      own.map((listener) => onTheWire(listener, this.memberships[position])),
    );
    return this.#listeners;
  }

  get plaintext(): Plaintext {
    this.#plaintext ??= new Plaintext(this.neighbours, this.listeners, this.tenants.ofWorkload);
    return this.#plaintext;
  }

  get segment(): Segment {
    this.#segment ??= segmentOf(this.objects);
    return this.#segment;
  }

  /** How a workload could listen to its neighbours; undefined where it could not. */
  listeningOf(position: number): Listening | undefined {
    return listeningOf(this.isolation[position]!, this.segment);
  }

  /** What bounds a namespace. */
  boundsOf(namespace: string): Bounds {
    this.#bounds ??= boundsOf(this.objects);
    return this.#bounds.get(namespace) ?? { quota: false, defaults: false };
  }

  /** Whether some container of a workload may use up its node: neither a limit nor a quota of the namespace keeps it. */
  mayStarve(position: number): boolean {
    const workload = this.workloads[position]!;
    const bounds = this.boundsOf(workload.namespace);
    return !bounds.quota && unboundedContainers(workload, bounds).length > 0;
  }

  /** Hosts that several tenants claim, by object: `Ingress shop/web`. */
  get contested(): ContestedHosts {
    this.#contested ??= contestedHosts(this.objects, this.tenants);
    return this.#contested;
  }

  /** Claims on hosts by which callers of another tenant are led away. */
  get takenHosts(): readonly TakenHost[] {
    this.#takenHosts ??= takenHosts(this.objects, this.tenants);
    return this.#takenHosts;
  }

  /** Data that workloads of several tenants mount, by the id of each of those workloads. */
  get stores(): ReadonlyMap<string, readonly SharedStore[]> {
    if (this.#stores === undefined) {
      const { ofWorkload } = this.tenants;
      const positions = new Map(this.workloads.map(({ id }, position) => [id, position]));
      const tenantOf = (id: string): number | undefined => ofWorkload[positions.get(id) ?? -1];
      const stores = new Map<string, SharedStore[]>();
      for (const store of sharedStores(this.objects, this.workloads)) {
        if (new Set(store.uses.map(({ workload }) => tenantOf(workload.id))).size < 2) continue;
        for (const { workload } of store.uses) stores.set(workload.id, [...(stores.get(workload.id) ?? []), store]);
      }
      this.#stores = stores;
    }
    return this.#stores;
  }

  /** Services that lead to another tenant or take its addresses, by `namespace/name`. */
  get diversions(): ReadonlyMap<string, readonly Diversion[]> {
    this.#diversions ??= diversionsOf(this.objects, this.tenants);
    return this.#diversions;
  }
}
