import type { JsonObject } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, listOf, objectOf, objectsOf, textOf, textsOf } from '../../../json/index.ts';
import type { Entry } from './entry.ts';
import { namedBy } from './references.ts';

/** A way from outside the cluster to a Service. */
export interface Route {
  /** Kind and name of what leads in: the Service itself, an Ingress, a route of the Gateway API, a VirtualService. */
  kind: string;
  name: string;
  namespace: string;
  /** Name of the Service. */
  service: string;
  object: JsonObject;
}

const LEADING_IN = new Set(['Ingress', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute']);

/** Kinds of which every one must be in view to say that nothing leads in. */
export const ROUTING_KINDS: readonly string[] = [...LEADING_IN, 'VirtualService', 'Gateway'];

/** Finds the ways in by Service: those that the Service opens itself, and what leads to it. */
export type RoutesTo = (service: JsonObject) => Route[];

/** Reads everything that leads in once. */
export function routesOf(entries: readonly Entry[], complete: boolean): RoutesTo {
  const index = new Map<string, Route[]>();
  const add = (namespace: string, service: string, entry: Entry): void => {
    const key = `${namespace}/${service}`;
    const list = index.get(key) ?? [];
    if (!list.some(({ object }) => object === entry.object)) {
      const { kind, name, object } = entry;
      list.push({ kind, name, namespace: entry.namespace, service, object });
    }
    index.set(key, list);
  };
  const isOpen = openGateways(entries, complete);
  for (const entry of entries) {
    if (LEADING_IN.has(entry.kind)) {
      for (const { namespace, name, as } of namedBy(entry)) if (as === 'backend') add(namespace, name, entry);
    } else if (entry.kind === 'VirtualService' && isOpen(entry)) {
      for (const { namespace, name } of destinationsOf(entry)) add(namespace, name, entry);
    }
  }
  return (service) => {
    const name = textOf(fieldAt(service, 'metadata', 'name')) ?? '';
    const namespace = textOf(fieldAt(service, 'metadata', 'namespace')) ?? '';
    const routes = index.get(`${namespace}/${name}`) ?? [];
    return isOpenItself(service)
      ? [{ kind: 'Service', name, namespace, service: name, object: service }, ...routes]
      : routes;
  };
}

function isOpenItself(service: JsonObject): boolean {
  const type = fieldAt(service, 'spec', 'type');
  return type === 'NodePort' || type === 'LoadBalancer' || listOf(fieldAt(service, 'spec', 'externalIPs')).length > 0;
}

/** Services to which a VirtualService sends HTTP, TLS and TCP: `name`, `name.namespace`, or all of the name. */
function destinationsOf({ object, namespace }: Entry): { namespace: string; name: string }[] {
  const spec = objectOf(fieldOf(object, 'spec'));
  const rules = ['http', 'tls', 'tcp'].flatMap((list) => objectsOf(fieldOf(spec, list)));
  return rules
    .flatMap((rule) => objectsOf(fieldOf(rule, 'route')))
    .flatMap((route) => textOf(fieldAt(route, 'destination', 'host')) ?? [])
    .map((host) => {
      const [name = '', other] = host.split('.');
      return { name, namespace: other ?? namespace };
    });
}

/**
 * Whether a VirtualService hangs on a gateway of Istio that the outside reaches: one whose pods a Service opens. Where
 * not everything is in view, that Service may be what is missing, and the gateway counts as open.
 */
function openGateways(entries: readonly Entry[], complete: boolean): (service: Entry) => boolean {
  const gateways = new Map<string, Entry>();
  const opened = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'Gateway') gateways.set(`${entry.namespace}/${entry.name}`, entry);
    if (entry.kind !== 'Service' || !isOpenItself(entry.object)) continue;
    for (const labels of [fieldAt(entry.object, 'metadata', 'labels'), fieldAt(entry.object, 'spec', 'selector')])
      for (const [name, value] of labelsOf(labels)) opened.add(`${name}=${value}`);
  }
  return ({ object, namespace }) =>
    textsOf(fieldAt(object, 'spec', 'gateways')).some((name) => {
      if (name === 'mesh') return false;
      const gateway = gateways.get(name.includes('/') ? name : `${namespace}/${name}`);
      if (gateway === undefined) return !complete;
      const selector = [...labelsOf(fieldAt(gateway.object, 'spec', 'selector'))];
      return !complete || selector.some(([label, value]) => opened.has(`${label}=${value}`));
    });
}
