import type { Exposure, ManifestObject, Place, Port, Unknown, Workload } from '@breakwater/model';
import { runningContainers } from '../inventory/running-containers.ts';
import {
  type ConnectionSet,
  type Connectivity,
  type NetworkReach,
  nameOfNetwork,
  Outside,
} from './connectivity/index.ts';
import { controllerEnds } from './gate-controllers.ts';
import { gatesOf } from './gates.ts';
import { type Backend, backendsOf, behindGate, isPublicAddress, type Service } from './services.ts';

/** One cluster as exposure sees it. */
export interface ExposedEstate {
  workloads: readonly Workload[];
  /** By workload id: the network by which it is called from outside. */
  reachOf: (workload: string) => Connectivity;
  objects: readonly ManifestObject[];
  services: readonly Service[];
  /** Networks beside the primary ones: through those of the nodes pods are called without any Service. */
  attached?: readonly NetworkReach[];
}

type Way = Pick<Exposure, 'through' | 'via' | 'from' | 'phrase' | 'places'>;

/** The ways into one cluster from outside that no network policy closes. */
export function exposuresOf(cluster: ExposedEstate): { exposures: Exposure[]; unknowns: Unknown[] } {
  const found = new Exposures(cluster);
  for (const service of cluster.services) addService(found, service);
  addGates(found, cluster);
  for (const workload of cluster.workloads) {
    addHost(found, workload);
    addPublished(found, workload);
  }
  for (const network of cluster.attached ?? []) addAttached(found, cluster.workloads, network);
  return { exposures: found.list(), unknowns: found.unknowns };
}

function addService(found: Exposures, service: Service): void {
  const ways = serviceWays(service);
  if (ways.length > 0 && isOpenEnded(service)) found.unknowns.push(noSelector(service));
  for (const { way, ports } of ways) {
    const { backends, unknowns } = backendsOf(service, ports);
    found.unknowns.push(...unknowns);
    for (const backend of backends) found.add(backend, way, { asNode: !service.keepsSource });
  }
}

function serviceWays(service: Service): { way: Way; ports: Service['ports'] }[] {
  const ways: { way: Way; ports: Service['ports'] }[] = [];
  const { name: via, ports, place } = service;
  if (service.type === 'LoadBalancer') {
    const from = service.internal ? 'network' : 'internet';
    const phrase = `through ${service.internal ? 'internal ' : ''}load balancer ${via}`;
    ways.push({ way: { through: 'load-balancer', via, from, phrase, places: [place] }, ports });
  }
  if (service.type === 'NodePort')
    for (const port of ports) {
      const phrase = `through node port ${port.nodePort ?? 'of the cluster’s choice'} of service ${via}`;
      ways.push({ way: { through: 'node-port', via, from: 'network', phrase, places: [place] }, ports: [port] });
    }
  if (service.externalIps.length > 0 && service.type !== 'ExternalName') {
    const from = service.externalIps.some(isPublicAddress) ? 'internet' : 'network';
    const phrase = `through external address ${service.externalIps[0]} of service ${via}`;
    ways.push({ way: { through: 'external-ip', via, from, phrase, places: [place] }, ports });
  }
  return ways;
}

/** Whether it leads to what is not in view: nothing is written down, or an address that may be a pod's. */
function isOpenEnded({ type, workloads, addresses }: Service): boolean {
  return type !== 'ExternalName' && (workloads === undefined || addresses.some((address) => !isPublicAddress(address)));
}

function noSelector(service: Service): Unknown {
  const [address] = service.addresses;
  const what =
    address === undefined
      ? 'what it leads to is not known'
      : `it leads to ${address}, which no pod in view is known to have`;
  return {
    code: 'service-without-selector',
    message: `Service ${service.namespace}/${service.name} is open to the outside and has no selector: ${what}.`,
    place: service.place,
    subject: `${service.cluster}/${service.namespace}/Service/${service.name}`,
  };
}

function addGates(found: Exposures, { objects, services }: ExposedEstate): void {
  const byName = new Map<string, Service[]>();
  for (const service of services) {
    const key = `${service.namespace}/${service.name}`;
    byName.set(key, [...(byName.get(key) ?? []), service]);
  }
  for (const gate of gatesOf(objects)) {
    const { through, name: via, from, phrase, places } = gate;
    for (const { namespace, service } of gate.refused ?? [])
      found.unknowns.push(notGranted(gate.by, `${namespace}/${service}`, places[0]!));
    for (const { namespace, service, port, ofPods } of gate.targets) {
      const targets = behindGate(byName, `${namespace}/${service}`, port, ofPods);
      if (targets === undefined) {
        found.unknowns.push(serviceMissing(`${through} ${via}`, `${namespace}/${service}`, places[0]!));
        continue;
      }
      for (const { service: target, ports } of targets) {
        const { backends, unknowns } = backendsOf(target, ports);
        found.unknowns.push(...unknowns);
        for (const backend of backends)
          found.add(backend, { through, via, from, phrase, places: [...places, target.place] });
      }
    }
  }
}

function notGranted(by: string, service: string, place: Place): Unknown {
  return {
    code: 'route-not-granted',
    message: `${by} leads to service ${service} of another namespace, which no ReferenceGrant in these manifests allows: it is taken to lead nowhere.`,
    place,
    hint: 'Give the manifests that hold the ReferenceGrant too.',
  };
}

function serviceMissing(gate: string, service: string, place: Place): Unknown {
  return {
    code: 'service-missing',
    message: `The ${gate} leads to service ${service}, which is not in these manifests: what it exposes is not known.`,
    place,
    hint: 'Give the manifests that define the Service too.',
  };
}

function addHost(found: Exposures, workload: Workload): void {
  const containers = runningContainers(workload);
  const places = workload.definitions.slice(0, 1);
  if (workload.hostNetwork) {
    const ports = containers.flatMap((container) => container.ports.map((port) => ({ container, port })));
    const way = (via: string): Way => ({
      through: 'host-network',
      via,
      from: 'network',
      phrase: 'on the network of its node',
      places,
    });
    for (const { container, port } of ports)
      found.add({ workload, port: port.containerPort, protocol: port.protocol }, way(container.name));
    if (ports.length === 0)
      found.add({ workload, port: 0, protocol: 'TCP' }, way(containers[0]?.name ?? workload.name));
    return;
  }
  for (const container of containers)
    for (const port of container.ports) {
      const { hostPort, containerPort, protocol } = port;
      if (hostPort === undefined || hostPort === 0 || port.published !== undefined || isLoopback(port.hostIP)) continue;
      const phrase = `through port ${hostPort} of its node`;
      found.add(
        { workload, port: containerPort, protocol },
        { through: 'host-port', via: container.name, from: 'network', phrase, places },
      );
    }
}

/** On a network that leads outside a pod has an address of its own there. */
function addAttached(found: Exposures, workloads: readonly Workload[], { network, reach }: NetworkReach): void {
  if (network.role !== 'secondary' || !network.leadsOutside) return;
  const members = new Set(reach.workloads.map(({ id }) => id));
  for (const workload of workloads) {
    if (!members.has(workload.id)) continue;
    const ports = runningContainers(workload).flatMap((container) => container.ports);
    const way: Way = {
      through: 'attached-network',
      via: network.name,
      from: 'network',
      phrase: `on ${nameOfNetwork(network)}, which leads out of the cluster`,
      places: [...workload.definitions.slice(0, 1), ...network.places.slice(0, 1)],
    };
    for (const { containerPort, protocol } of ports)
      found.add({ workload, port: containerPort, protocol }, way, { reach });
    if (ports.length === 0) found.add({ workload, port: 0, protocol: 'TCP' }, way, { reach });
  }
}

/** What platforms other than Kubernetes open; a port on the host's own loopback address is open to nobody else. */
function addPublished(found: Exposures, workload: Workload): void {
  if (workload.hostNetwork) return;
  for (const { ports } of runningContainers(workload))
    for (const port of ports) {
      if (port.published === undefined || isLoopback(port.hostIP)) continue;
      const { containerPort, protocol, published } = port;
      const way = { ...publishedWay(port, published), via: workload.name, places: workload.definitions.slice(0, 1) };
      found.add({ workload, port: containerPort, protocol }, way);
    }
}

function publishedWay(port: Port, published: NonNullable<Port['published']>): Pick<Way, 'through' | 'from' | 'phrase'> {
  const { hostPort, containerPort } = port;
  switch (published) {
    case 'host-port':
      return {
        through: 'host-port',
        from: 'network',
        phrase: hostPort === undefined ? 'through a port of its host' : `through port ${hostPort} of its host`,
      };
    case 'node-port':
      return { through: 'node-port', from: 'network', phrase: 'through a port of every node of its swarm' };
    case 'load-balancer':
      return { through: 'load-balancer', from: 'internet', phrase: `through a load balancer to port ${containerPort}` };
    case 'external-ip':
      return { through: 'external-ip', from: 'internet', phrase: 'through a public address of its own' };
  }
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || address === 'localhost' || address.startsWith('127.'));
}

/** Exposures without repetition, each only where the policies let its callers in. */
class Exposures {
  readonly unknowns: Unknown[] = [];
  readonly #reachOf: ExposedEstate['reachOf'];
  readonly #callers = new Map<Connectivity, Callers>();
  readonly #found = new Map<string, Exposure>();

  constructor({ reachOf }: ExposedEstate) {
    this.#reachOf = reachOf;
  }

  list(): Exposure[] {
    return [...this.#found.values()];
  }

  /** `asNode`: callers come with the address of a node. `reach` is another network than the workload's primary one. */
  add({ workload, port, protocol }: Backend, way: Way, by: { asNode?: boolean; reach?: Connectivity } = {}): void {
    const reach = by.reach ?? this.#reachOf(workload.id);
    let callers = this.#callers.get(reach);
    if (callers === undefined) {
      callers = new Callers(reach);
      this.#callers.set(reach, callers);
    }
    const { connections } = reach;
    const wanted = port === 0 ? connections.numbers : connections.of([{ protocol, from: port, to: port }]);
    const isOpen = (set: ConnectionSet): boolean => connections.intersect(set, wanted) !== connections.none;
    const open = isOpen(callers.mayUse(workload.id, way));
    if (!open && !(by.asNode === true && isOpen(callers.asNode(workload.id)))) return;
    const phrase = open ? way.phrase : `${way.phrase}, whose callers come with the address of a node`;
    const key = `${workload.id} ${port} ${protocol} ${way.through} ${way.via} ${way.from}`;
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { workload: workload.id, port, protocol, ...way, phrase });
    else known.places = [...new Set([...known.places, ...way.places])];
  }
}

/** Who calls from outside, in one network. */
class Callers {
  readonly #reach: Connectivity;
  readonly #outside: Outside;
  readonly #ends: ReadonlyMap<string, number>;
  #controllers: ReadonlySet<number> | undefined;

  constructor(reach: Connectivity) {
    this.#reach = reach;
    this.#outside = new Outside(reach);
    this.#ends = new Map(reach.workloads.map(({ id }, position) => [id, reach.classOf[position]!]));
  }

  /** The connections that callers may open to a workload whom a node passes on under its own address. */
  asNode(workload: string): ConnectionSet {
    return this.#outside.ofNeighbours(this.#ends.get(workload)!, 'ingress');
  }

  /** The connections that callers by a way may open to a workload. */
  mayUse(workload: string, { through, from }: Pick<Way, 'through' | 'from'>): ConnectionSet {
    const { connections } = this.#reach;
    const end = this.#ends.get(workload)!;
    if (through === 'ingress' || through === 'gateway' || through === 'route') return this.#byController(end);
    if (from === 'internet') return this.#outside.ofInternet(end, 'ingress');
    const passages = this.#outside.passages(end, 'ingress');
    return passages.reduce((all, passage) => connections.union(all, passage.connections), connections.none);
  }

  #byController(end: number): ConnectionSet {
    const { connections, kinds } = this.#reach;
    const cells = this.#reach.cellsOf(end, 'ingress');
    if (cells === undefined) return connections.everything;
    this.#controllers ??= new Set(controllerEnds(this.#reach).map((controller) => kinds.ingress.kindOf[controller]!));
    const controllers = [...this.#controllers];
    const open = cells.filter(({ peers }) => controllers.some((kind) => peers.has(kind)));
    return open.reduce((all, { allowed }) => connections.union(all, allowed), connections.none);
  }
}
