import type { Exposure, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, objectOf, objectsOf, textOf } from '../json/index.ts';
import { type Backend, backendsOf, isController, type Service } from '../network/index.ts';
import { endOf, type Flow, type FlowEnd, type FlowFindings, onPort } from './flow.ts';

/** Ways in from outside that manifests declare. */
export interface EntranceFacts {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  services: readonly Service[];
  /** As if no policy closed them. */
  exposures: readonly Exposure[];
  /** Namespaces of the controllers behind Ingresses, Gateways and Routes, where their user names them. */
  controllerNamespaces: readonly string[];
}

/** Load balancers and node ports pass on the caller's address, their own, a node's or that of a tunnel: by the network plugin. */
const ANYONE: FlowEnd = { kind: 'anyone' };
const gates: readonly Exposure['through'][] = ['ingress', 'gateway', 'route'];

/**
 * Connections that come in from outside by design: through Ingresses, Gateways and Routes from their controller, through
 * load balancers, node ports and host ports from anybody, and calls of the API server to webhooks and extensions.
 */
export function entrances(facts: EntranceFacts): FlowFindings {
  const { exposures, workloads } = facts;
  const findings: FlowFindings = { flows: [], gaps: [] };
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  for (const exposure of exposures) {
    const { workload: id, port, protocol, through, phrase, places } = exposure;
    const workload = byId.get(id);
    if (workload === undefined) continue;
    const ports = port === 0 ? [] : [onPort(port, protocol)];
    const callers = gates.includes(through) ? controllersOf(workload, facts) : [ANYONE];
    if (callers === undefined)
      findings.gaps.push({
        code: 'controller-unknown',
        message: `${workload.namespace}/${workload.name} is called ${phrase}, and the controller behind it is not among the manifests: port ${port} is open to everybody. Name its namespace with --ingress-namespace.`,
        workload: id,
        places,
      });
    for (const from of callers ?? [ANYONE])
      findings.flows.push({ from, to: endOf(workload), ports, basis: 'declared', why: phrase, places });
  }
  for (const flow of apiServerCalls(facts)) findings.flows.push(flow);
  return findings;
}

/** Undefined where nothing says who the controller is. */
function controllersOf(
  { cluster }: Workload,
  { workloads, controllerNamespaces }: EntranceFacts,
): FlowEnd[] | undefined {
  if (controllerNamespaces.length > 0) return [{ kind: 'pods', namespaces: controllerNamespaces, labels: {} }];
  const known = workloads.filter(
    (workload) => workload.cluster === cluster && isController(workload) && listensToWeb(workload),
  );
  return known.length === 0 ? undefined : known.map(endOf);
}

/** Whether it is one that takes requests: it declares the ports of the Web. */
function listensToWeb({ containers }: Workload): boolean {
  return containers.some(({ image, ports }) => {
    const web = ports.some(({ containerPort }) => [80, 443, 8000, 8080, 8443].includes(containerPort));
    return web && /ingress|gateway|router|traefik|envoy|haproxy|contour|kong|nginx/i.test(image);
  });
}

/** Calls of the API server: admission and conversion webhooks, and extensions of its API. */
function apiServerCalls({ objects, services }: EntranceFacts): Flow[] {
  return objects.flatMap((object) =>
    calledByApiServer(object).flatMap(({ reference, why }) => {
      const namespace = textOf(fieldOf(reference, 'namespace'));
      const name = textOf(fieldOf(reference, 'name'));
      const given = fieldOf(reference, 'port');
      const port = typeof given === 'number' ? given : 443;
      const called = services.filter(
        (service) => service.cluster === object.cluster && service.namespace === namespace && service.name === name,
      );
      const backends = called.flatMap((service): Backend[] => {
        const own = service.ports.filter((each) => each.port === port);
        return backendsOf(service, own.length > 0 ? own : service.ports).backends;
      });
      /* It may come by its own address, by a node's or through a tunnel of pods. */
      return backends.map(
        (backend): Flow => ({
          from: ANYONE,
          to: endOf(backend.workload),
          ports: [onPort(backend.port, backend.protocol)],
          basis: 'declared',
          why,
          places: [object.place],
        }),
      );
    }),
  );
}

function calledByApiServer({
  kind,
  name,
  object,
}: ManifestObject): { reference: JsonObject | undefined; why: string }[] {
  const why = `the API server calls it by ${kind} ${name}`;
  const reference = (client: JsonObject): { reference: JsonObject | undefined; why: string } => ({
    reference: objectOf(fieldAt(client, 'clientConfig', 'service')),
    why,
  });
  if (/^(Validating|Mutating)WebhookConfiguration$/.test(kind))
    return objectsOf(fieldOf(object, 'webhooks')).map(reference);
  if (kind === 'APIService') return [{ reference: objectOf(fieldAt(object, 'spec', 'service')), why }];
  if (kind !== 'CustomResourceDefinition') return [];
  const conversion = objectOf(fieldAt(object, 'spec', 'conversion', 'webhook'));
  return conversion === undefined ? [] : [reference(conversion)];
}
