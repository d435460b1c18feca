import type { Exposure, Json, JsonObject, ManifestObject, Place } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectOf, objectsOf, textOf } from '../json/index.ts';

/** A Service that a gate leads to. */
export interface GateTarget {
  namespace: string;
  service: string;
  port: Json | undefined;
  /** The port is one of the pods, as in a Route, not one of the Service. */
  ofPods?: true;
}

/** An object that leads callers from outside to Services: Ingress, Route, a Gateway's routes. */
export interface Gate {
  cluster: string;
  through: Extract<Exposure['through'], 'ingress' | 'gateway' | 'route'>;
  name: string;
  /** The object that says so: `Ingress shop/web`; of a Gateway the route that is attached to it. */
  by: string;
  from: Exposure['from'];
  phrase: string;
  /** Services it leads to, by namespace and name, with the port as number or name; no port stands for every port. */
  targets: GateTarget[];
  places: Place[];
}

/** Everything in the manifests that leads in from outside at the level of HTTP or TLS. */
export function gatesOf(objects: readonly ManifestObject[]): Gate[] {
  const gateways = new Map(
    objects
      .filter(({ kind, apiVersion }) => kind === 'Gateway' && apiVersion.startsWith('gateway.networking.k8s.io/'))
      .map((gateway) => [`${gateway.cluster}/${gateway.namespace}/${gateway.name}`, gateway] as const),
  );
  return objects.flatMap((object) => {
    if (object.kind === 'Ingress' && /^(networking\.k8s\.io|extensions)\//.test(object.apiVersion))
      return [ingressGate(object)];
    if (object.kind === 'Route' && object.apiVersion.startsWith('route.openshift.io/')) return [routeGate(object)];
    if (
      /^(HTTP|GRPC|TLS|TCP|UDP)Route$/.test(object.kind) &&
      object.apiVersion.startsWith('gateway.networking.k8s.io/')
    )
      return gatewayGates(object, gateways);
    return [];
  });
}

function nameOf({ kind, namespace, name }: ManifestObject): string {
  return `${kind} ${namespace}/${name}`;
}

function ingressGate(object: ManifestObject): Gate {
  const spec = objectOf(fieldOf(object.object, 'spec'));
  const paths = objectsOf(fieldOf(spec, 'rules')).flatMap((rule) => objectsOf(fieldAt(rule, 'http', 'paths')));
  const backends = [
    objectOf(fieldOf(spec, 'defaultBackend')) ?? objectOf(fieldOf(spec, 'backend')),
    ...paths.map((path) => objectOf(fieldOf(path, 'backend'))),
  ];
  return {
    cluster: object.cluster,
    through: 'ingress',
    name: object.name,
    by: nameOf(object),
    from: internalIngress(object.object) ? 'network' : 'internet',
    phrase: `through ingress ${object.name}`,
    targets: backends.flatMap((backend) => ingressTarget(object.namespace, backend)),
    places: [object.place],
  };
}

function ingressTarget(namespace: string, backend: JsonObject | undefined): Gate['targets'] {
  const service = textOf(fieldAt(backend, 'service', 'name')) ?? textOf(fieldOf(backend, 'serviceName'));
  if (service === undefined) return [];
  const port =
    fieldAt(backend, 'service', 'port', 'number') ??
    fieldAt(backend, 'service', 'port', 'name') ??
    fieldOf(backend, 'servicePort');
  return [{ namespace, service, port }];
}

/** The classes and annotations of the large clouds that keep an ingress inside. */
function internalIngress(object: JsonObject): boolean {
  const annotations = labelsOf(fieldAt(object, 'metadata', 'annotations'));
  const className =
    textOf(fieldAt(object, 'spec', 'ingressClassName')) ?? annotations.get('kubernetes.io/ingress.class') ?? '';
  return /(^|-)internal($|-)/.test(className) || annotations.get('alb.ingress.kubernetes.io/scheme') === 'internal';
}

function routeGate(object: ManifestObject): Gate {
  const spec = objectOf(fieldOf(object.object, 'spec'));
  const targets = [objectOf(fieldOf(spec, 'to')), ...objectsOf(fieldOf(spec, 'alternateBackends'))];
  return {
    cluster: object.cluster,
    through: 'route',
    name: object.name,
    by: nameOf(object),
    from: 'internet',
    phrase: `through route ${object.name}`,
    targets: targets.flatMap((target) => {
      const service = textOf(fieldOf(target, 'name'));
      if (service === undefined || (textOf(fieldOf(target, 'kind')) ?? 'Service') !== 'Service') return [];
      const port = fieldAt(spec, 'port', 'targetPort') ?? undefined;
      return [{ namespace: object.namespace, service, port, ...(port !== undefined && { ofPods: true as const }) }];
    }),
    places: [object.place],
  };
}

/** One gate for each Gateway that a route names as its parent; a route of a mesh has a Service as parent and leads in from nowhere. */
function gatewayGates(object: ManifestObject, gateways: ReadonlyMap<string, ManifestObject>): Gate[] {
  const spec = objectOf(fieldOf(object.object, 'spec'));
  const backends = objectsOf(fieldOf(spec, 'rules')).flatMap((rule) => objectsOf(fieldOf(rule, 'backendRefs')));
  const targets = backends.flatMap((backend) => {
    const service = textOf(fieldOf(backend, 'name'));
    if (service === undefined || (textOf(fieldOf(backend, 'kind')) ?? 'Service') !== 'Service') return [];
    return [
      { namespace: textOf(fieldOf(backend, 'namespace')) ?? object.namespace, service, port: fieldOf(backend, 'port') },
    ];
  });
  return objectsOf(fieldOf(spec, 'parentRefs')).flatMap((parent) => {
    const name = textOf(fieldOf(parent, 'name'));
    if (name === undefined || (textOf(fieldOf(parent, 'kind')) ?? 'Gateway') !== 'Gateway') return [];
    const namespace = textOf(fieldOf(parent, 'namespace')) ?? object.namespace;
    const gateway = gateways.get(`${object.cluster}/${namespace}/${name}`);
    const className = textOf(fieldAt(gateway?.object, 'spec', 'gatewayClassName')) ?? '';
    const internal = /(^|-)(internal|rilb)($|-)/.test(className);
    return [
      {
        cluster: object.cluster,
        through: 'gateway' as const,
        name,
        by: nameOf(object),
        from: internal ? ('network' as const) : ('internet' as const),
        phrase: `through gateway ${name}`,
        targets,
        places: gateway === undefined ? [object.place] : [object.place, gateway.place],
      },
    ];
  });
}
