import type { ManifestObject, RuntimeEvent, Workload } from '@breakwater/model';
import { tieEvents } from '../evidence/index.ts';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import {
  backendsOf,
  finderOf,
  holdsPublic,
  type PortRange,
  parseAddress,
  type Service,
  servicesOf,
} from '../network/index.ts';
import { ANY_ADDRESS, endOf, type FlowEnd, type FlowFindings, onPort } from './flow.ts';
import { namesOf } from './platform.ts';

/** Different connections that are kept of one estate. */
const MOST_CONNECTIONS = 100_000;

/** One connection as events told of it, whatever number of times. */
interface Seen {
  workload: string;
  direction: 'out' | 'in';
  address: string;
  /** Of the destination. */
  port: number;
  protocol: string;
  name: string | undefined;
}

/** Folds runtime events, one at a time, into the connections that they tell of. */
export interface FlowCollector {
  add(event: RuntimeEvent): void;
  /** The connections, with what stands behind their addresses as far as that is known. */
  findings(): FlowFindings;
}

/**
 * A collector for the workloads of an estate. Addresses are told by Services, Pods and Nodes of a live cluster and by
 * the events themselves: who connects from an address has it.
 */
export function createFlowCollector(objects: readonly ManifestObject[], workloads: readonly Workload[]): FlowCollector {
  const tie = tieEvents(workloads);
  const services = servicesOf(objects, finderOf(workloads));
  const addresses = new Addresses(objects, workloads, services);
  const seen = new Map<string, Seen>();
  const observed = new Set<string>();
  let [first, last, lost, dropped] = ['', '', 0, 0];
  return {
    add(event) {
      if (event.type === 'loss') lost += event.lost ?? 1;
      const { workload } = tie(event);
      if (workload === undefined) return;
      observed.add(workload);
      if (first === '' || event.time < first) first = event.time;
      if (event.time > last) last = event.time;
      const found = connectionOf(event, workload);
      if (event.type === 'connect' && event.local !== undefined) addresses.learn(event.local.address, workload);
      if (event.type === 'accept' && event.local !== undefined) addresses.learn(event.local.address, workload);
      if (found === undefined) return;
      const key = `${workload} ${found.direction} ${found.protocol} ${found.address} ${found.port}`;
      if (seen.has(key)) return;
      if (seen.size < MOST_CONNECTIONS) seen.set(key, found);
      else dropped++;
    },
    findings() {
      const byId = new Map(workloads.map((workload) => [workload.id, workload]));
      const findings: FlowFindings = { flows: [], gaps: [] };
      for (const one of seen.values()) addSeen(one, byId.get(one.workload)!, addresses, findings);
      findings.gaps.push(...observationGaps({ workloads, observed, first, last, lost, dropped }));
      return findings;
    },
  };
}

function connectionOf({ type, peer, local }: RuntimeEvent, workload: string): Seen | undefined {
  if (peer === undefined || isLoopback(peer.address)) return undefined;
  const { address, protocol, name } = peer;
  if (type === 'connect' && peer.port > 0 && peer.port !== 53)
    return { workload, direction: 'out', address, port: peer.port, protocol, name };
  if (type === 'accept' && local !== undefined && local.port > 0)
    return { workload, direction: 'in', address, port: local.port, protocol, name };
  return undefined;
}

function isLoopback(address: string): boolean {
  return /^(127\.|::1$|0\.0\.0\.0$|::$)/.test(address);
}

function addSeen(seen: Seen, workload: Workload, addresses: Addresses, findings: FlowFindings): void {
  const { direction, address, port, protocol } = seen;
  const spelled = `${address}${seen.name === undefined ? '' : ` (${seen.name})`}`;
  const why =
    direction === 'out' ? `it connected to ${spelled}, port ${port}` : `${spelled} connected to its port ${port}`;
  const add = (other: FlowEnd, ports: PortRange[]): void => {
    const ends = direction === 'out' ? { from: endOf(workload), to: other } : { from: other, to: endOf(workload) };
    findings.flows.push({ ...ends, ports, basis: 'observed', why, places: [] });
  };
  const known = addresses.of(workload.cluster, address, port, protocol);
  if (known !== undefined) {
    for (const { id, port: there } of known)
      add({ kind: 'workload', id }, [onPort(direction === 'out' ? there : port, protocol)]);
    return;
  }
  const value = parseAddress(address);
  if (value === undefined) return;
  const alone = { cidr: `${address}/${value.family === 4 ? 32 : 128}` };
  const isPublic = holdsPublic([{ family: value.family, first: value.value, last: value.value }]);
  add({ kind: 'addresses', blocks: isPublic ? ANY_ADDRESS : [alone] }, [onPort(port, protocol)]);
  findings.gaps.push({
    code: 'observed-address',
    message: isPublic
      ? `${workload.namespace}/${workload.name}: ${why}; addresses of the Internet change, so any address is allowed there.`
      : `${workload.namespace}/${workload.name}: ${why}; whose address that is, is not known. It alone is allowed: where it is a pod's, its next pod is closed.`,
    workload: workload.id,
    places: [],
  });
}

interface Owner {
  id: string;
  port: number;
}

/** Who has which address. */
class Addresses {
  readonly #pods = new Map<string, string>();
  readonly #services = new Map<string, Service>();

  constructor(objects: readonly ManifestObject[], workloads: readonly Workload[], services: readonly Service[]) {
    const tie = tieEvents(workloads);
    const byPlace = new Map(services.map((service) => [service.place, service]));
    for (const { kind, cluster, namespace, name, object, place } of objects) {
      const service = byPlace.get(place);
      if (service !== undefined)
        for (const ip of [
          textOf(fieldAt(object, 'spec', 'clusterIP')),
          ...textsOf(fieldAt(object, 'spec', 'clusterIPs')),
        ])
          if (ip !== undefined) this.#services.set(`${cluster} ${ip}`, service);
      if (kind !== 'Pod') continue;
      const labels = Object.fromEntries(labelsOf(fieldAt(object, 'metadata', 'labels')));
      const pod = { cluster, namespace, name, labels };
      const { workload } = tie({ source: 'sensor', time: '', type: 'listen', pod });
      const ips = objectsOf(fieldAt(object, 'status', 'podIPs')).map((each) => textOf(fieldOf(each, 'ip')));
      for (const ip of [textOf(fieldAt(object, 'status', 'podIP')), ...ips])
        if (workload !== undefined && ip !== undefined && fieldAt(object, 'spec', 'hostNetwork') !== true)
          this.#pods.set(ip, workload);
    }
  }

  learn(address: string, workload: string): void {
    if (!isLoopback(address)) this.#pods.set(address, workload);
  }

  /** The workloads behind an address, each with the port that its pods are met on; undefined where nobody is known. */
  of(cluster: string, address: string, port: number, protocol: string): Owner[] | undefined {
    const service = this.#services.get(`${cluster} ${address}`);
    if (service !== undefined) {
      const ports = service.ports.filter((own) => own.port === port && own.protocol === protocol);
      return backendsOf(service, ports).backends.map(({ workload, port: there }) => ({ id: workload.id, port: there }));
    }
    const id = this.#pods.get(address);
    return id === undefined ? undefined : [{ id, port }];
  }
}

interface Observed {
  workloads: readonly Workload[];
  observed: ReadonlySet<string>;
  first: string;
  last: string;
  lost: number;
  dropped: number;
}

function observationGaps({ workloads, observed, first, last, lost, dropped }: Observed): FlowFindings['gaps'] {
  const gap = (message: string) => ({ code: 'observation' as const, message, places: [] });
  if (observed.size === 0)
    return [gap('Nothing was observed at run time: connections that no configuration declares are not known.')];
  const silent = workloads.filter(({ id }) => !observed.has(id));
  return [
    gap(`Observed from ${first} to ${last}: what happens less often is known only where configuration declares it.`),
    ...(silent.length > 0
      ? [gap(`Of ${silent.length} of ${workloads.length} workloads nothing was observed: ${namesOf(silent)}.`)]
      : []),
    ...(lost > 0 ? [gap(`${lost} events were lost: connections among them are not known.`)] : []),
    ...(dropped > 0 ? [gap(`${dropped} connections beyond the first ${MOST_CONNECTIONS} were left out.`)] : []),
  ];
}
