import type { JsonObject, ManifestObject } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectOf, objectsOf, textOf } from '../json/index.ts';
import type { Gate } from './gate.ts';
import { GatewayRoutes, isGatewayRoute } from './gateway-routes.ts';

/** Everything in the manifests that leads in from outside at the level of HTTP or TLS. */
export function gatesOf(objects: readonly ManifestObject[]): Gate[] {
  const routes = new GatewayRoutes(objects);
  return objects.flatMap((object) => {
    if (object.kind === 'Ingress' && /^(networking\.k8s\.io|extensions)\//.test(object.apiVersion))
      return [ingressGate(object)];
    if (object.kind === 'Route' && object.apiVersion.startsWith('route.openshift.io/')) return [routeGate(object)];
    return isGatewayRoute(object) ? routes.gatesOf(object) : [];
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
