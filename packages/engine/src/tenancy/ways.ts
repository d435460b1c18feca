import type { Workload } from '@breakwater/model';
import { addBit, type Bits, emptyBits, meet } from '../network/bits.ts';
import { nameOfPolicy } from '../network/connectivity/index.ts';
import { spellPort } from './interception.ts';
import type { TenantChannel } from './reach-of-tenants.ts';
import type { Tenancy } from './tenancy.ts';

/** One way from one tenant to another, in words. */
export interface TenantWay {
  channel: TenantChannel;
  /** "8 of 9 workloads, shop/db at port 5432 (postgres) among them in plain text". */
  what: string;
  /** Undefined where it is certain; else what is not known. */
  unless?: string;
}

/** The words for a way that is there, by the first example that is found. */
export function wayOf(tenancy: Tenancy, channel: TenantChannel, from: number, to: number): TenantWay {
  const [what, unless] = WORDS[channel](tenancy, from, to);
  return { channel, what: what ?? '', ...(unless === undefined ? {} : { unless }) };
}

type Words = (tenancy: Tenancy, from: number, to: number) => [what: string | undefined, unless?: string];

const WORDS: Readonly<Record<TenantChannel, Words>> = {
  network: (tenancy, from, to) => [networkWords(tenancy, from, to)],
  nodes: (tenancy, from, to) => {
    const found = beside(tenancy, from, to, (position) => tenancy.isolation[position]!.level === 'open');
    return [
      found && `${nameOf(tenancy, found)} can leave for its node: ${tenancy.isolation[found.position]!.weaknesses[0]}`,
    ];
  },
  plaintext: (tenancy, from, to) => {
    const found = beside(tenancy, from, to, (position) => tenancy.listeningOf(position) !== undefined);
    if (found === undefined) return [undefined];
    const { certain, containers } = tenancy.listeningOf(found.position)!;
    const near = tenancy.plaintext.near(tenancy.placements.classOf[found.position]!).get(to);
    const heard = near === undefined ? '' : spellPort(tenancy.workloads[near.workload]!, near.listener);
    const what = `${nameOf(tenancy, found)} keeps NET_RAW in ${containers[0]} and may hear ${heard}, which speaks plain`;
    return certain ? [what] : [what, 'the network of the pods is no bridge, which is not known'];
  },
  memory: (tenancy, from, to) => {
    const found = beside(tenancy, from, to, (position) => tenancy.mayStarve(position));
    return [found && `${nameOf(tenancy, found)} may use all memory of its node: no limit and no quota`];
  },
  data: (tenancy, from, to) => {
    const { tenants, stores } = tenancy;
    const has = (workload: Workload, tenant: number): boolean =>
      tenants.numberOf(tenants.ofNamespace(workload.namespace)) === tenant;
    const store = [...stores.values()]
      .flat()
      .find(
        ({ uses }) =>
          uses.some((use) => use.writes && has(use.workload, from)) && uses.some((use) => has(use.workload, to)),
      );
    return [store && `both mount ${store.label}, and it is written to`];
  },
  hosts: ({ contested, tenants }, from, to) => {
    const { name } = tenants.list[to]!;
    for (const [by, others] of contested) {
      if (!isOf(tenants, by.slice(by.indexOf(' ') + 1), from)) continue;
      const claim = others.find(({ tenant }) => tenant === name);
      if (claim !== undefined) return [`${by} claims ${claim.host}${claim.path}, as ${claim.by} does`];
    }
    return [undefined];
  },
  services: ({ diversions, tenants }, from, to) => {
    for (const [service, found] of diversions) {
      const diversion = isOf(tenants, service, from)
        ? found.find(({ tenant }) => tenant === tenants.list[to]!.name)
        : undefined;
      if (diversion !== undefined)
        return [`Service ${service} ${diversion.kind === 'external-ip' ? 'takes' : 'leads to'} ${diversion.what}`];
    }
    return [undefined];
  },
};

function isOf(tenants: Tenancy['tenants'], object: string, tenant: number): boolean {
  return tenants.numberOf(tenants.ofNamespace(object.split('/')[0]!)) === tenant;
}

/** The first workload of a tenant that does something and may run beside pods of another. */
function beside(
  { workloads, tenants, neighbours, placements }: Tenancy,
  from: number,
  to: number,
  does: (position: number) => boolean,
): { position: number } | undefined {
  const target = emptyBits(tenants.list.length);
  addBit(target, to);
  for (const position of workloads.keys())
    if (
      tenants.ofWorkload[position] === from &&
      does(position) &&
      meet(neighbours.tenantsNear(placements.classOf[position]!), target)
    )
      return { position };
  return undefined;
}

function nameOf({ workloads }: Tenancy, { position }: { position: number }): string {
  const { namespace, name } = workloads[position]!;
  return `${namespace}/${name}`;
}

function networkWords(tenancy: Tenancy, from: number, to: number): string {
  const { borders, tenants, workloads, listeners } = tenancy;
  const { connections } = borders;
  const own = [...workloads.keys()].filter((position) => tenants.ofWorkload[position] === to);
  let plain: string | undefined;
  const reached = own.filter((position) => {
    const callers = borders.into(position).filter(({ source }) => isIn(source.tenants, from));
    plain ??= (listeners[position] ?? []).flatMap((listener) => {
      if (listener.encrypted !== false) return [];
      const set = connections.of([{ protocol: listener.transport, from: listener.port, to: listener.port }]);
      const open = callers.some((each) => connections.intersect(each.connections, set) !== connections.none);
      return open ? [spellPort(workloads[position]!, listener)] : [];
    })[0];
    return callers.length > 0;
  });
  const [first] = reached;
  const example =
    plain === undefined
      ? first === undefined
        ? ''
        : `, ${nameOf(tenancy, { position: first })} for instance`
      : `, in plain text ${plain}`;
  return `${reached.length} of ${own.length} ${own.length === 1 ? 'workload' : 'workloads'}${example}`;
}

/** The policies that decide who comes in to a tenant's workloads: names, the first few. */
export function guardsOf({ borders, tenants, workloads }: Tenancy, tenant: number): string[] {
  const names = new Set<string>();
  for (const position of workloads.keys()) {
    if (tenants.ofWorkload[position] !== tenant) continue;
    for (const policy of borders.policiesOn(position, 'ingress')) names.add(nameOfPolicy(policy));
    if (names.size > MOST_GUARDS) break;
  }
  return [...names];
}

const MOST_GUARDS = 3;

function isIn(bits: Bits, number: number): boolean {
  return (bits[number >>> 5]! & (1 << (number & 31))) !== 0;
}
