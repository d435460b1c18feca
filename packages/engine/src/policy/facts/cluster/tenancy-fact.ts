import { type Bits, membersOf } from '../../../network/bits.ts';
import { isPlatform, type Listening, spellPort, type Tenancy, unboundedContainers } from '../../../tenancy/index.ts';

const MOST_NAMES = 10;

/** Plaintext of another tenant that passes where the pods stand: an element of `tenancy.overhears`. */
interface OverheardFact {
  tenant: string;
  workloads: number;
  /** `pay/db at port 5432 (postgres)`. */
  example: string;
}

/**
 * The fact `tenancy` of a workload:
 *
 * - `tenant`: its name; `platform` where the cluster itself is it
 * - `neighbours`: other tenants whose pods may run on the same nodes, the cluster's own left out
 * - `isolation`: `sandboxed`, `confined`, `thin` or `open`, with `weaknesses` in words
 * - `rawSockets`: containers that may forge packets
 * - `overhears`: plaintext of other tenants that it could read or divert; `certainly` where the network lets it for
 *   certain, and not only where its plug-in turns out to be a bridge
 * - `unbounded`: containers that may use all memory of their node; `quota` of the namespace
 */
export class WorkloadTenancyFact {
  readonly #tenancy: Tenancy;
  readonly #position: number;

  constructor(tenancy: Tenancy, position: number) {
    this.#tenancy = tenancy;
    this.#position = position;
  }

  get tenant(): string {
    return this.#tenancy.tenants.list[this.#own]!.name;
  }

  get platform(): boolean {
    return isPlatform(this.#tenancy.tenants.list[this.#own]!);
  }

  get neighbours(): readonly string[] {
    return otherTenants(this.#tenancy, this.#tenancy.neighbours.tenantsNear(this.#placement), this.#own);
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

  get overhears(): readonly OverheardFact[] {
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
    return found;
  }

  get certainly(): boolean {
    return this.#listening?.certain === true;
  }

  get unbounded(): readonly string[] {
    const workload = this.#tenancy.workloads[this.#position]!;
    return unboundedContainers(workload, this.#tenancy.boundsOf(workload.namespace)).map(({ name }) => name);
  }

  get quota(): boolean {
    return this.#tenancy.boundsOf(this.#tenancy.workloads[this.#position]!.namespace).quota;
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
  readonly quota: boolean;
  readonly defaults: boolean;

  constructor(tenancy: Tenancy, namespace: string) {
    const tenant = tenancy.tenants.ofNamespace(namespace);
    const { quota, defaults } = tenancy.boundsOf(namespace);
    this.tenant = tenant.name;
    this.platform = isPlatform(tenant);
    this.quota = quota;
    this.defaults = defaults;
  }
}

/**
 * The fact `tenancy` of any other object in a namespace: its `tenant`, hosts that other tenants claim too (`contested`,
 * each with `host`, `path`, `by`, `tenant`), and of a Service where it leads outside of its tenant (`diverts`, each with
 * `kind`, `what`, `tenant`).
 */
export class ObjectTenancyFact {
  readonly tenant: string;
  readonly contested: readonly unknown[];
  readonly diverts: readonly unknown[];

  constructor(tenancy: Tenancy, { kind, namespace, name }: { kind: string; namespace: string; name: string }) {
    this.tenant = tenancy.tenants.ofNamespace(namespace).name;
    this.contested = tenancy.contested.get(`${kind} ${namespace}/${name}`) ?? [];
    this.diverts = kind === 'Service' ? (tenancy.diversions.get(`${namespace}/${name}`) ?? []) : [];
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
