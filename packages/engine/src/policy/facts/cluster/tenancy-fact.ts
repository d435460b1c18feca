import { type Bits, membersOf } from '../../../network/bits.ts';
import { isPlatform, type Listening, spellPort, type Tenancy, unboundedContainers } from '../../../tenancy/index.ts';
import { CelUnknown } from '../../cel/index.ts';

const MOST_NAMES = 10;

/** Plaintext of another tenant that passes where the pods stand: an element of `tenancy.overhears`. */
interface OverheardFact {
  tenant: string;
  workloads: number;
  /** `pay/db at port 5432 (postgres)`. */
  example: string;
}

/** Data that workloads of other tenants mount too: an element of `tenancy.shares`. */
interface SharedFact {
  /** "claim shop/data", "NFS 10.0.0.1:/export", "the host path /data". */
  what: string;
  tenants: readonly string[];
  writes: boolean;
}

/**
 * The fact `tenancy` of a workload:
 *
 * - `tenant`: its name; `platform`: whether it is the one of the cluster itself
 * - `neighbours`: other tenants whose pods may run on the same nodes, the cluster's own left out
 * - `isolation`: `sandboxed`, `confined`, `thin` or `open`, with `weaknesses` in words
 * - `rawSockets`: containers that may forge packets
 * - `overhears`: plaintext of other tenants that it could read or divert; unknown where the plug-in of the network is not
 *   in view, for a bridge lets it and a router does not
 * - `shares`: data that workloads of other tenants mount too, each with `what`, the other `tenants`, and whether one of
 *   them or this one `writes`
 * - `unbounded`: containers that may use all memory of their node; `quota` of the namespace
 */
export class WorkloadTenancyFact {
  readonly #tenancy: Tenancy;
  readonly #position: number;
  readonly #gap: CelUnknown | undefined;

  /** `gap` is where objects that matter are not in view: what is found is known, and not that there is no more. */
  constructor(tenancy: Tenancy, position: number, gap: CelUnknown | undefined) {
    this.#tenancy = tenancy;
    this.#position = position;
    this.#gap = gap;
  }

  get tenant(): string {
    return this.#tenancy.tenants.list[this.#own]!.name;
  }

  get platform(): boolean {
    return isPlatform(this.#tenancy.tenants.list[this.#own]!);
  }

  get neighbours(): readonly string[] | CelUnknown {
    const found = otherTenants(this.#tenancy, this.#tenancy.neighbours.tenantsNear(this.#placement), this.#own);
    return found.length === 0 ? (this.#gap ?? found) : found;
  }

  get isolation(): string {
    return this.#tenancy.isolation[this.#position]!.level;
  }

  get weaknesses(): readonly string[] {
    return this.#tenancy.isolation[this.#position]!.weaknesses;
  }

  get rawSockets(): readonly string[] {
    return this.#tenancy.isolation[this.#position]!.rawSockets;
  }

  get overhears(): readonly OverheardFact[] | CelUnknown {
    if (this.#listening === undefined) return [];
    const { tenants, workloads, plaintext } = this.#tenancy;
    const found: OverheardFact[] = [];
    for (const [number, near] of plaintext.near(this.#placement)) {
      const tenant = tenants.list[number]!;
      if (number === this.#own || isPlatform(tenant)) continue;
      const example = spellPort(workloads[near.workload]!, near.listener);
      found.push({ tenant: tenant.name, workloads: near.workloads, example });
      if (found.length === MOST_NAMES) break;
    }
    if (found.length === 0) return this.#gap ?? found;
    return this.#listening.certain ? found : new CelUnknown(['whether the network of the pods is a bridge']);
  }

  get shares(): readonly SharedFact[] | CelUnknown {
    const { tenants, workloads, stores } = this.#tenancy;
    const found = (stores.get(workloads[this.#position]!.id) ?? []).flatMap(({ label, uses }): SharedFact[] => {
      const owners = uses.map(({ workload }) => tenants.ofNamespace(workload.namespace));
      const others = owners.filter((tenant) => !isPlatform(tenant) && tenant.name !== this.tenant);
      const names = [...new Set(others.map(({ name }) => name))].slice(0, MOST_NAMES);
      return names.length === 0 ? [] : [{ what: label, tenants: names, writes: uses.some(({ writes }) => writes) }];
    });
    return found.length === 0 ? (this.#gap ?? found) : found;
  }

  get unbounded(): readonly string[] | CelUnknown {
    const workload = this.#tenancy.workloads[this.#position]!;
    const found = unboundedContainers(workload, this.#tenancy.boundsOf(workload.namespace)).map(({ name }) => name);
    return found.length === 0 ? found : (this.#gap ?? found);
  }

  get quota(): boolean | CelUnknown {
    return this.#tenancy.boundsOf(this.#tenancy.workloads[this.#position]!.namespace).quota || (this.#gap ?? false);
  }

  get #own(): number {
    return this.#tenancy.tenants.ofWorkload[this.#position]!;
  }

  get #placement(): number {
    return this.#tenancy.placements.classOf[this.#position]!;
  }

  get #listening(): Listening | undefined {
    return this.#tenancy.listeningOf(this.#position);
  }
}

/** The fact `tenancy` of a Namespace: its `tenant`, and what bounds it: `quota`, `defaults` of a LimitRange. */
export class NamespaceTenancyFact {
  readonly tenant: string;
  readonly platform: boolean;
  readonly quota: boolean | CelUnknown;
  readonly defaults: boolean | CelUnknown;

  constructor(tenancy: Tenancy, namespace: string, gap: CelUnknown | undefined) {
    const tenant = tenancy.tenants.ofNamespace(namespace);
    const { quota, defaults } = tenancy.boundsOf(namespace);
    this.tenant = tenant.name;
    this.platform = isPlatform(tenant);
    this.quota = quota || (gap ?? false);
    this.defaults = defaults || (gap ?? false);
  }
}

/**
 * The fact `tenancy` of any other object in a namespace: its `tenant`, hosts that other tenants claim too (`contested`,
 * each with `host`, `path`, `by`, `tenant`), and of a Service where it leads outside of its tenant (`diverts`, each with
 * `kind`, `what`, `tenant`).
 */
export class ObjectTenancyFact {
  readonly tenant: string;
  readonly contested: readonly unknown[] | CelUnknown;
  readonly diverts: readonly unknown[];

  constructor(
    tenancy: Tenancy,
    { kind, namespace, name }: { kind: string; namespace: string; name: string },
    gap: CelUnknown | undefined,
  ) {
    const contested = tenancy.contested.get(`${kind} ${namespace}/${name}`) ?? [];
    const diverts = kind === 'Service' ? (tenancy.diversions.get(`${namespace}/${name}`) ?? []) : [];
    this.tenant = tenancy.tenants.ofNamespace(namespace).name;
    this.contested = contested.length === 0 ? (gap ?? contested) : contested;
    this.diverts = diverts;
  }
}

function otherTenants({ tenants }: Tenancy, bits: Bits, own: number): string[] {
  const names: string[] = [];
  for (const number of membersOf(bits)) {
    const tenant = tenants.list[number]!;
    if (number !== own && !isPlatform(tenant)) names.push(tenant.name);
    if (names.length === MOST_NAMES) break;
  }
  return names;
}
