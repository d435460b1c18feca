import type { JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import type { Gate, GateTarget } from './gate.ts';
import { InvalidPolicy, parseSelector, selects } from './selector.ts';

const GROUP = 'gateway.networking.k8s.io';

/** Routes that a listener takes by its protocol, where it names none. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};

/** Whether an object is a route of the Gateway API. */
export function isGatewayRoute({ kind, apiVersion }: ManifestObject): boolean {
  return /^(HTTP|GRPC|TLS|TCP|UDP)Route$/.test(kind) && apiVersion.startsWith(`${GROUP}/`);
}

/**
 * Routes of the Gateway API with what they are attached to: a listener must allow the route's namespace and kind and share
 * a host name with it, and Services of other namespaces must be granted by those.
 */
export class GatewayRoutes {
  readonly #gateways = new Map<string, ManifestObject>();
  readonly #namespaces = new Map<string, ReadonlyMap<string, string>>();
  readonly #grants: readonly ManifestObject[];

  constructor(objects: readonly ManifestObject[]) {
    for (const object of objects) {
      const { kind, apiVersion, cluster, namespace, name } = object;
      if (kind === 'Gateway' && apiVersion.startsWith(`${GROUP}/`))
        this.#gateways.set(`${cluster}/${namespace}/${name}`, object);
      if (kind === 'Namespace' && apiVersion === 'v1')
        this.#namespaces.set(`${cluster}/${name}`, labelsOf(fieldAt(object.object, 'metadata', 'labels')));
    }
    this.#grants = objects.filter(
      ({ kind, apiVersion }) => kind === 'ReferenceGrant' && apiVersion.startsWith(`${GROUP}/`),
    );
  }

  /** One gate for each Gateway that takes the route; one of a mesh has a Service as parent and leads in from nowhere. */
  gatesOf(route: ManifestObject): Gate[] {
    const spec = objectOf(fieldOf(route.object, 'spec'));
    const named = targetsOf(route, spec);
    const targets = named.filter((target) => this.#isGranted(route, target));
    const refused = named.filter((target) => !targets.includes(target));
    return objectsOf(fieldOf(spec, 'parentRefs')).flatMap((parent): Gate[] => {
      const name = textOf(fieldOf(parent, 'name'));
      if (name === undefined || (textOf(fieldOf(parent, 'kind')) ?? 'Gateway') !== 'Gateway') return [];
      const namespace = textOf(fieldOf(parent, 'namespace')) ?? route.namespace;
      const gateway = this.#gateways.get(`${route.cluster}/${namespace}/${name}`);
      if (gateway !== undefined && !this.#isAttached(route, parent, gateway)) return [];
      const className = textOf(fieldAt(gateway?.object, 'spec', 'gatewayClassName')) ?? '';
      return [
        {
          cluster: route.cluster,
          through: 'gateway',
          name,
          by: `${route.kind} ${route.namespace}/${route.name}`,
          from: /(^|-)(internal|rilb)($|-)/.test(className) ? 'network' : 'internet',
          phrase: `through gateway ${name}`,
          targets,
          ...(refused.length > 0 && { refused }),
          places: gateway === undefined ? [route.place] : [route.place, gateway.place],
        },
      ];
    });
  }

  #isAttached(route: ManifestObject, parent: JsonObject, gateway: ManifestObject): boolean {
    const [section, port] = [textOf(fieldOf(parent, 'sectionName')), fieldOf(parent, 'port')];
    const hosts = textsOf(fieldAt(route.object, 'spec', 'hostnames'));
    return objectsOf(fieldAt(gateway.object, 'spec', 'listeners')).some(
      (listener) =>
        (section === undefined || fieldOf(listener, 'name') === section) &&
        (typeof port !== 'number' || fieldOf(listener, 'port') === port) &&
        takesKind(listener, route.kind) &&
        this.#takesNamespace(listener, route, gateway) &&
        shareHost(textOf(fieldOf(listener, 'hostname')), hosts),
    );
  }

  /** The listener's own namespace alone, unless it says otherwise; of namespaces that are not in view any may be meant. */
  #takesNamespace(listener: JsonObject, { cluster, namespace }: ManifestObject, gateway: ManifestObject): boolean {
    const from = textOf(fieldAt(listener, 'allowedRoutes', 'namespaces', 'from')) ?? 'Same';
    if (from === 'All') return true;
    if (from !== 'Selector') return from === 'Same' && namespace === gateway.namespace;
    const labels = this.#namespaces.get(`${cluster}/${namespace}`);
    if (labels === undefined) return true;
    try {
      const selector = parseSelector(fieldAt(listener, 'allowedRoutes', 'namespaces', 'selector'), 'selector');
      return selects(selector, new Map([...labels, ['kubernetes.io/metadata.name', namespace]]));
    } catch (error) {
      if (error instanceof InvalidPolicy) return false;
      throw error;
    }
  }

  #isGranted(route: ManifestObject, { namespace, service }: GateTarget): boolean {
    if (namespace === route.namespace) return true;
    return this.#grants.some(
      (grant) =>
        grant.cluster === route.cluster &&
        grant.namespace === namespace &&
        objectsOf(fieldAt(grant.object, 'spec', 'from')).some(
          (from) =>
            fieldOf(from, 'group') === GROUP &&
            fieldOf(from, 'kind') === route.kind &&
            fieldOf(from, 'namespace') === route.namespace,
        ) &&
        objectsOf(fieldAt(grant.object, 'spec', 'to')).some(
          (to) => fieldOf(to, 'kind') === 'Service' && [undefined, '', service].includes(textOf(fieldOf(to, 'name'))),
        ),
    );
  }
}

function targetsOf(route: ManifestObject, spec: JsonObject | undefined): GateTarget[] {
  const backends = objectsOf(fieldOf(spec, 'rules')).flatMap((rule) => objectsOf(fieldOf(rule, 'backendRefs')));
  return backends.flatMap((backend) => {
    const service = textOf(fieldOf(backend, 'name'));
    if (service === undefined || (textOf(fieldOf(backend, 'kind')) ?? 'Service') !== 'Service') return [];
    const namespace = textOf(fieldOf(backend, 'namespace')) ?? route.namespace;
    return [{ namespace, service, port: fieldOf(backend, 'port') }];
  });
}

function takesKind(listener: JsonObject, kind: string): boolean {
  const named = objectsOf(fieldAt(listener, 'allowedRoutes', 'kinds')).flatMap(
    (one) => textOf(fieldOf(one, 'kind')) ?? [],
  );
  const byProtocol = KINDS[textOf(fieldOf(listener, 'protocol')) ?? ''];
  return named.length > 0 ? named.includes(kind) : (byProtocol?.includes(kind) ?? true);
}

/** Whether a listener and a route have a host name in common; none stands for all. */
function shareHost(own: string | undefined, hosts: readonly string[]): boolean {
  return (
    own === undefined ||
    own === '' ||
    hosts.length === 0 ||
    hosts.some((host) => holdsHost(own, host) || holdsHost(host, own))
  );
}

function holdsHost(wide: string, host: string): boolean {
  return wide === host || (wide.startsWith('*.') && host.endsWith(wide.slice(1)));
}
