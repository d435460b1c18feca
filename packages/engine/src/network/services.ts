import type { Json, JsonObject, ManifestObject, Place, Unknown, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import { holdsPublic, parseAddress, parseCidr } from './address.ts';
import { EndpointSlices } from './endpoint-slices.ts';
import { declaredPorts } from './ports.ts';
import type { FindByLabels, ServicePort } from './service-port.ts';

export type { FindByLabels, ServicePort } from './service-port.ts';

/** A Service, and the workloads behind it. */
export interface Service {
  cluster: string;
  namespace: string;
  name: string;
  type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** Pods answer under their own addresses. */
  headless: boolean;
  ports: ServicePort[];
  externalIps: string[];
  /** The name of the world outside that a Service of type ExternalName stands for. */
  externalName: string | undefined;
  /** Callers come with addresses of their own (`externalTrafficPolicy: Local`); else with that of a node. */
  keepsSource: boolean;
  /** Where it has no selector: addresses that it leads to and that no pod in view is known to have. */
  addresses: readonly string[];
  /** A load balancer that only the network around the nodes reaches. */
  internal: boolean;
  /** Labels of the pods behind it; empty where it has no selector. */
  selector: ReadonlyMap<string, string>;
  /** Undefined where the Service has no selector: what it leads to is then written elsewhere. */
  workloads: Workload[] | undefined;
  place: Place;
}

/** A port of a pod that something leads to. */
export interface Backend {
  workload: Workload;
  port: number;
  protocol: string;
}

/** The Services of the manifests. */
export function servicesOf(objects: readonly ManifestObject[], find: FindByLabels): Service[] {
  let slices: EndpointSlices | undefined;
  return objects.flatMap((object): Service[] => {
    if (object.kind !== 'Service' || object.apiVersion !== 'v1') return [];
    const spec = fieldAt(object.object, 'spec');
    const type = textOf(fieldAt(object.object, 'spec', 'type')) ?? 'ClusterIP';
    if (type !== 'ClusterIP' && type !== 'NodePort' && type !== 'LoadBalancer' && type !== 'ExternalName') return [];
    const selector = labelsOf(fieldAt(object.object, 'spec', 'selector'));
    const ports = objectsOf(fieldOf(spec as JsonObject | undefined, 'ports')).flatMap(servicePort);
    if (selector.size === 0) slices ??= new EndpointSlices(objects, find);
    const written = selector.size === 0 ? slices?.behind(object, ports) : undefined;
    return [
      {
        cluster: object.cluster,
        namespace: object.namespace,
        name: object.name,
        type,
        headless: fieldAt(object.object, 'spec', 'clusterIP') === 'None',
        ports: written?.ports ?? ports,
        externalName: type === 'ExternalName' ? textOf(fieldAt(object.object, 'spec', 'externalName')) : undefined,
        externalIps: textsOf(fieldAt(object.object, 'spec', 'externalIPs')),
        keepsSource: fieldAt(object.object, 'spec', 'externalTrafficPolicy') === 'Local',
        addresses: written?.addresses ?? [],
        internal: isInternal(object.object),
        selector,
        workloads: selector.size === 0 ? written?.workloads : find(object.cluster, object.namespace, selector),
        place: object.place,
      },
    ];
  });
}

function servicePort(entry: JsonObject): ServicePort[] {
  const port = fieldOf(entry, 'port');
  if (typeof port !== 'number') return [];
  const target = fieldOf(entry, 'targetPort');
  const nodePort = fieldOf(entry, 'nodePort');
  return [
    {
      name: textOf(fieldOf(entry, 'name')),
      port,
      protocol: textOf(fieldOf(entry, 'protocol')) ?? 'TCP',
      target: typeof target === 'number' || typeof target === 'string' ? numeric(target) : port,
      nodePort: typeof nodePort === 'number' ? nodePort : undefined,
    },
  ];
}

function numeric(target: number | string): number | string {
  return typeof target === 'string' && /^[0-9]{1,5}$/.test(target) ? Number(target) : target;
}

/** Annotations by which the large clouds make a load balancer internal, with the values that do. */
const internalAnnotations: readonly (readonly [string, RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/i],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(?!false$).+/i],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/i],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
  ['service.beta.kubernetes.io/openstack-internal-load-balancer', /^true$/i],
  ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', /^intranet$/i],
  ['service.kubernetes.io/qcloud-loadbalancer-internal-subnetid', /./],
  ['service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type', /^private$/i],
  ['service.beta.kubernetes.io/oci-load-balancer-internal', /^true$/i],
  ['service.beta.kubernetes.io/do-loadbalancer-network', /^internal$/i],
];

function isInternal(object: JsonObject): boolean {
  const annotations = labelsOf(fieldAt(object, 'metadata', 'annotations'));
  if (annotations.size > 0 && internalAnnotations.some(([name, value]) => value.test(annotations.get(name) ?? '')))
    return true;
  const ranges = textsOf(fieldAt(object, 'spec', 'loadBalancerSourceRanges'));
  const spans = ranges.flatMap((range) => parseCidr(range) ?? []);
  return spans.length > 0 && spans.length === ranges.length && !holdsPublic(spans);
}

/** Whether an address is one of the Internet's. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && holdsPublic([{ family: address.family, first: address.value, last: address.value }]);
}

/** Ports of pods behind ports of a Service; a name that no container declares is an unknown. */
export function backendsOf(
  service: Service,
  ports: readonly ServicePort[],
): { backends: Backend[]; unknowns: Unknown[] } {
  const backends: Backend[] = [];
  const unknowns: Unknown[] = [];
  for (const workload of service.workloads ?? [])
    for (const { target, protocol } of ports) {
      if (typeof target === 'number') {
        backends.push({ workload, port: target, protocol });
        continue;
      }
      const named = declaredPorts(workload, target).filter((port) => port.protocol === protocol);
      for (const { containerPort } of named) backends.push({ workload, port: containerPort, protocol });
      if (named.length === 0) unknowns.push(portMissing(service, workload, target));
    }
  return { backends, unknowns };
}

function portMissing(service: Service, workload: Workload, target: string): Unknown {
  return {
    code: 'service-port-missing',
    message: `Service ${service.namespace}/${service.name} leads to port ${target}, which ${workload.namespace}/${workload.name} does not declare: whether it answers there is not known.`,
    place: service.place,
    subject: workload.id,
    hint: `Name a port ${target} in a container, or give the number as targetPort.`,
  };
}

/** The port of a Service that a backend names, by number or by name; every port where it names none. */
export function choosePorts(service: Service, wanted: Json | undefined): ServicePort[] {
  if (typeof wanted === 'number') return service.ports.filter(({ port }) => port === wanted);
  if (typeof wanted === 'string') {
    const number = /^[0-9]{1,5}$/.test(wanted) ? Number(wanted) : undefined;
    return service.ports.filter(({ name, port }) => name === wanted || port === number);
  }
  return service.ports;
}

/**
 * The ports of a Service that a Route's targetPort means: "a port on pods selected by the service; a text is looked up as
 * a named port in the target endpoints", which bear the names of the Service's ports.
 */
export function chooseTargetPorts(service: Service, wanted: Json | undefined): ServicePort[] {
  const number = typeof wanted === 'string' && /^[0-9]{1,5}$/.test(wanted) ? Number(wanted) : wanted;
  if (number === undefined) return service.ports;
  return service.ports.filter(({ name, target }) => name === wanted || target === number);
}

/** The Service of the cluster that a name stands for: `pay/db` for `db.pay.svc.cluster.local`; undefined for names outside. */
export function serviceNamed(externalName: string | undefined): string | undefined {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc(\.|$)/.exec(externalName ?? '') ?? [];
  return name === undefined || namespace === undefined ? undefined : `${namespace}/${name}`;
}

/**
 * Ports behind a Service that a gate names, `shop/web`: its own, or those of the Service that its ExternalName stands for,
 * by the number that the former gives them. A Route names a port of pods. Undefined where there is no such Service.
 */
export function behindGate(
  byName: ReadonlyMap<string, readonly Service[]>,
  name: string,
  wanted: Json | undefined,
  ofPods: boolean | undefined,
): { service: Service; ports: ServicePort[] }[] | undefined {
  return byName.get(name)?.flatMap((service) => {
    if (ofPods === true) return [{ service, ports: chooseTargetPorts(service, wanted) }];
    const other = serviceNamed(service.externalName);
    if (other === undefined) return [{ service, ports: choosePorts(service, wanted) }];
    const numbers = choosePorts(service, wanted).map(({ port }) => port);
    return (byName.get(other) ?? []).map((target) => ({
      service: target,
      ports:
        numbers.length === 0 ? choosePorts(target, wanted) : target.ports.filter(({ port }) => numbers.includes(port)),
    }));
  });
}
