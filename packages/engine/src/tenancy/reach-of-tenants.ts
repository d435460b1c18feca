import { addAll, addBit, type Bits, emptyBits, membersOf } from '../network/bits.ts';
import type { Tenancy } from './tenancy.ts';
import { isPlatform } from './tenants.ts';

/** How one tenant gets at another. */
export type TenantChannel = 'network' | 'nodes' | 'plaintext' | 'memory' | 'data' | 'hosts' | 'services';

/** Every way, in the order in which they are told. */
export const TENANT_CHANNELS: readonly TenantChannel[] = [
  'network',
  'nodes',
  'plaintext',
  'memory',
  'data',
  'hosts',
  'services',
];

/** Which tenants get at which, by number: for each channel and tenant the set of those who get at it. */
export type TenantReach = Readonly<Record<TenantChannel, readonly Bits[]>>;

/**
 * Who gets at whom, in sets of tenants: the memory grows with the square of the tenants over 8 bytes, whatever number of
 * workloads they have. The cluster's own tenant gets at everybody by its work, and is told as one that others get at.
 */
export function reachOfTenants(tenancy: Tenancy): TenantReach {
  const size = tenancy.tenants.list.length;
  const none = (): Bits[] => Array.from({ length: size }, () => emptyBits(size));
  const reach: Record<TenantChannel, Bits[]> = {
    network: none(),
    nodes: none(),
    plaintext: none(),
    memory: none(),
    data: none(),
    hosts: none(),
    services: none(),
  };
  addNetwork(tenancy, reach.network);
  addNeighbours(tenancy, reach);
  addShared(tenancy, reach);
  addNames(tenancy, reach);
  const platform = tenancy.tenants.list.findIndex(isPlatform);
  for (const channel of TENANT_CHANNELS)
    for (const [number, sources] of reach[channel].entries())
      for (const one of [number, platform]) if (one >= 0) sources[one >>> 5]! &= ~(1 << (one & 31));
  return reach;
}

function addNetwork({ borders, tenants }: Tenancy, into: readonly Bits[]): void {
  for (const network of borders.networks)
    for (const [end, { kind }] of network.connectivity.endpoints.entries()) {
      if (kind !== 'workloads') continue;
      const sources = emptyBits(tenants.list.length);
      for (const { source } of network.into(end)) addAll(sources, source.tenants);
      for (const tenant of membersOf(network.tenantsOf(end))) addAll(into[tenant]!, sources);
    }
}

/** By class of placement: who may leave for the node, listen there, or use it up. */
function addNeighbours(tenancy: Tenancy, into: Record<TenantChannel, Bits[]>): void {
  const { workloads, neighbours, placements, tenants, plaintext } = tenancy;
  const size = tenants.list.length;
  const does: Record<'nodes' | 'plaintext' | 'memory', Map<number, Bits>> = {
    nodes: new Map(),
    plaintext: new Map(),
    memory: new Map(),
  };
  for (const position of workloads.keys()) {
    const tenant = tenants.ofWorkload[position]!;
    const add = (channel: keyof typeof does): void => {
      const placement = placements.classOf[position]!;
      const bits = does[channel].get(placement) ?? emptyBits(size);
      addBit(bits, tenant);
      does[channel].set(placement, bits);
    };
    if (tenancy.isolation[position]!.level === 'open') add('nodes');
    if (tenancy.listeningOf(position) !== undefined) add('plaintext');
    if (tenancy.mayStarve(position)) add('memory');
  }
  for (const channel of ['nodes', 'plaintext', 'memory'] as const)
    for (const [placement, sources] of does[channel]) {
      const targets =
        channel === 'plaintext' ? plaintext.near(placement).keys() : membersOf(neighbours.tenantsNear(placement));
      for (const tenant of targets) addAll(into[channel][tenant]!, sources);
    }
}

function addShared({ stores, tenants }: Tenancy, { data }: Record<TenantChannel, Bits[]>): void {
  for (const store of new Set([...stores.values()].flat())) {
    const numbers = store.uses.map((use) => ({
      use,
      tenant: tenants.numberOf(tenants.ofNamespace(use.workload.namespace)),
    }));
    const writers = numbers.filter(({ use }) => use.writes);
    for (const { tenant } of numbers)
      for (const { tenant: writer } of writers)
        if (tenant !== undefined && writer !== undefined) addBit(data[tenant]!, writer);
  }
}

/** Claims on a host get at each other; a Service gets at what it leads to. */
function addNames(
  { contested, diversions, tenants }: Tenancy,
  { hosts, services }: Record<TenantChannel, Bits[]>,
): void {
  const numbers = new Map(tenants.list.map(({ name }, number) => [name, number]));
  const ownerOf = (object: string): number | undefined =>
    tenants.numberOf(tenants.ofNamespace(object.slice(object.indexOf(' ') + 1).split('/')[0]!));
  for (const [by, others] of contested) {
    const own = ownerOf(by);
    for (const { tenant } of others) {
      const other = numbers.get(tenant);
      if (own !== undefined && other !== undefined) addBit(hosts[other]!, own);
    }
  }
  for (const [service, found] of diversions) {
    const own = ownerOf(` ${service}`);
    for (const { tenant } of found) {
      const other = numbers.get(tenant);
      if (own !== undefined && other !== undefined) addBit(services[other]!, own);
    }
  }
}
