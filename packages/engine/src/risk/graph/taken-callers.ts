import type { Workload } from '@breakwater/model';
import type { Service } from '../../network/index.ts';
import type { HostClaim, Tenancy } from '../../tenancy/index.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { settingReason } from './settings.ts';

/** Callers who mean one tenant's workloads and may be led to another's. */
interface Taking {
  /** What is taken: `shop.example/login`, `10.0.0.9`. */
  name: string;
  /** What it is taken by, and from: `Ingress shop/web`, `Service pay/db`. */
  by: string;
  from: string;
  takers: readonly Workload[];
  victims: readonly Workload[];
  certain: boolean;
}

/**
 * From workloads that answer under a host, path or address of another tenant to those whom its callers mean: they are
 * sent what is meant for these. Callers of one name meet in a hub, so edges grow with workloads and not with pairs.
 */
export function addTakenCallers(builder: GraphBuilder, cluster: string, tenancy: Tenancy): void {
  const services = new Map<string, Service[]>();
  for (const service of tenancy.services) {
    const name = `${service.namespace}/${service.name}`;
    services.set(name, [...(services.get(name) ?? []), service]);
  }
  for (const taking of [...takenHosts(tenancy, services), ...takenAddresses(tenancy, services)])
    addTaking(builder, cluster, taking);
}

function takenHosts({ takenHosts: taken }: Tenancy, services: ReadonlyMap<string, readonly Service[]>): Taking[] {
  const behind = (claim: HostClaim): Workload[] =>
    claim.services.flatMap((name) => (services.get(name) ?? []).flatMap(({ workloads }) => workloads ?? []));
  return taken.map(({ taker, from, certain }) => ({
    name: `${from.host}${from.path}`,
    by: `${taker.by} claims ${taker.host}${taker.path}`,
    from: from.by,
    takers: behind(taker),
    victims: behind(from),
    certain,
  }));
}

/** Services with an external address that another one has, on a port of both. */
function takenAddresses({ diversions }: Tenancy, services: ReadonlyMap<string, readonly Service[]>): Taking[] {
  return [...diversions].flatMap(([name, found]) =>
    found.flatMap(({ kind, what, service }) => {
      if (kind !== 'external-ip') return [];
      const [own, other] = [services.get(name)?.[0], services.get(service)?.[0]];
      const shared = own?.ports.filter(({ port }) => other?.ports.some((one) => one.port === port)) ?? [];
      if (own === undefined || other === undefined || shared.length === 0) return [];
      return {
        name: what,
        by: `Service ${name} has the external address ${what}`,
        from: `Service ${service}`,
        takers: own.workloads ?? [],
        victims: other.workloads ?? [],
        certain: false,
      };
    }),
  );
}

function addTaking(builder: GraphBuilder, cluster: string, taking: Taking): void {
  const { name, by, from, takers, victims, certain } = taking;
  if (takers.length === 0 || victims.length === 0) return;
  const hub = builder.node(nodeId.callers(cluster, `${from} ${name}`), 'hub', `callers of ${name}`);
  for (const workload of takers)
    builder.edge({
      id: `takes|${workload.id}|${from} ${name}`,
      from: nodeId.workload(workload.id),
      to: hub,
      kind: 'reach',
      probability: certain ? 1 : builder.number('contestedName'),
      ...(certain ? {} : { range: [0, 1] as [number, number] }),
      phrase: `is sent what callers of ${name} say`,
      reason: `${by}, as ${from} does${certain ? ' more widely' : `: ${settingReason('contestedName')}`}`,
      mitigation: 'let one tenant alone claim the name, by admission policy',
      places: workload.definitions.slice(0, 1),
    });
  for (const workload of victims)
    builder.edge({
      id: `meant|${workload.id}|${from} ${name}`,
      from: hub,
      to: nodeId.workload(workload.id),
      kind: 'credential',
      probability: builder.number('takenCallers'),
      phrase: `uses what was meant for ${workloadLabel(workload)}`,
      reason: settingReason('takenCallers'),
      places: workload.definitions.slice(0, 1),
    });
}
