import type { ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, listOf, objectOf, objectsOf, textsOf } from '../json/index.ts';
import { backendsOf, declaredPorts, InvalidPolicy, parseSelector, type Service, selects } from '../network/index.ts';
import { endOf, type FlowEnd, type FlowFindings, onPort } from './flow.ts';

/** What scrapes are found from. */
export interface ScrapeFacts {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  services: readonly Service[];
}

/** Images of programs that collect metrics. */
const SCRAPERS =
  /(^|\/)(prometheus|vmagent|vmsingle|victoria-metrics|grafana-agent|agent|alloy|datadog-agent|opentelemetry-collector[^/:@]*|otelcol[^/:@]*)([:@]|$)/;

interface Scraped {
  workload: Workload;
  port: number;
  why: string;
  by: ManifestObject | undefined;
}

/** Connections of monitoring that manifests declare: annotations of Prometheus, ServiceMonitors and PodMonitors. */
export function scrapes(facts: ScrapeFacts): FlowFindings {
  const findings: FlowFindings = { flows: [], gaps: [] };
  const scraped = [...annotated(facts), ...monitored(facts)];
  const callers = new Map(
    [...new Set(scraped.map(({ workload }) => workload.cluster))].map((cluster) => [
      cluster,
      scrapersOf(cluster, facts),
    ]),
  );
  for (const { workload, port, why, by } of scraped) {
    const known = callers.get(workload.cluster)!;
    const places = by === undefined ? workload.definitions.slice(0, 1) : [by.place];
    for (const from of known.length > 0 ? known : [{ kind: 'pods', labels: {} } as const])
      findings.flows.push({ from, to: endOf(workload), ports: [onPort(port)], basis: 'declared', why, places });
    if (known.length === 0)
      findings.gaps.push({
        code: 'scraper-unknown',
        message: `${why}, and what collects the metrics is not among the manifests: port ${port} of ${workload.namespace}/${workload.name} is open to every pod.`,
        workload: workload.id,
        places,
      });
  }
  return findings;
}

/** Who collects metrics: workloads by their image, and the pods that an operator makes of a Prometheus. */
function scrapersOf(cluster: string, { objects, workloads }: ScrapeFacts): FlowEnd[] {
  const own = workloads.filter(
    (workload) => workload.cluster === cluster && workload.containers.some(({ image }) => SCRAPERS.test(image)),
  );
  const operated = objects.filter(
    ({ kind, apiVersion, ...object }) =>
      object.cluster === cluster &&
      /^Prometheus(Agent)?$/.test(kind) &&
      apiVersion.startsWith('monitoring.coreos.com/'),
  );
  return [
    ...own.map(endOf),
    ...operated.map(
      ({ namespace }): FlowEnd => ({
        kind: 'pods',
        namespaces: [namespace],
        labels: { 'app.kubernetes.io/name': 'prometheus' },
      }),
    ),
  ];
}

/** `prometheus.io/scrape: "true"` on pods and on Services. */
function annotated({ objects, workloads, services }: ScrapeFacts): Scraped[] {
  const byPlace = new Map(services.map((service) => [service.place, service]));
  const workloadOf = new Map(workloads.map((workload) => [workload.id, workload]));
  return objects.flatMap((object): Scraped[] => {
    const service = byPlace.get(object.place);
    if (service !== undefined) {
      const port = portAsked(labelsOf(fieldAt(object.object, 'metadata', 'annotations')));
      if (port === undefined) return [];
      return (service.workloads ?? []).flatMap((workload) => {
        const why = `Service ${service.name} asks for its metrics to be collected`;
        const ports = port === 'every' ? service.ports : service.ports.filter((own) => own.port === port);
        const meant = backendsOf({ ...service, workloads: [workload] }, ports).backends.map((backend) => backend.port);
        return (meant.length > 0 || port === 'every' ? meant : [port]).map((one) => ({
          workload,
          port: one,
          why,
          by: object,
        }));
      });
    }
    const workload = workloadOf.get(`${object.cluster}/${object.namespace}/${object.kind}/${object.name}`);
    if (workload === undefined) return [];
    const template = workload.podSpecPointer.slice(0, -1).map(String);
    const port = portAsked(labelsOf(fieldAt(object.object, ...template, 'metadata', 'annotations')));
    if (port === undefined) return [];
    const why = 'its annotations ask for its metrics to be collected';
    const ports = port === 'every' ? declaredPorts(workload).map(({ containerPort }) => containerPort) : [port];
    return ports.map((one) => ({ workload, port: one, why, by: object }));
  });
}

/** Undefined where metrics are not asked for. */
function portAsked(annotations: ReadonlyMap<string, string>): number | 'every' | undefined {
  if (annotations.get('prometheus.io/scrape') !== 'true') return undefined;
  const port = annotations.get('prometheus.io/port');
  return port !== undefined && /^[0-9]{1,5}$/.test(port) ? Number(port) : 'every';
}

/** What ServiceMonitors and PodMonitors select. */
function monitored({ objects, workloads, services }: ScrapeFacts): Scraped[] {
  const labelsOfService = new Map(
    objects
      .filter(({ kind }) => kind === 'Service')
      .map(({ place, object }) => [place, labelsOf(fieldAt(object, 'metadata', 'labels'))]),
  );
  return objects.flatMap((object): Scraped[] => {
    if (!/^(Service|Pod)Monitor$/.test(object.kind) || !object.apiVersion.startsWith('monitoring.coreos.com/'))
      return [];
    const spec = objectOf(fieldOf(object.object, 'spec'));
    const chosen = chooser(object, spec);
    if (chosen === undefined) return [];
    const why = `${object.kind} ${object.namespace}/${object.name} collects its metrics`;
    if (object.kind === 'PodMonitor') {
      const endpoints = objectsOf(fieldOf(spec, 'podMetricsEndpoints'));
      return workloads
        .filter((workload) => chosen(workload, new Map(Object.entries(workload.podLabels))))
        .flatMap((workload) =>
          endpoints
            .flatMap((endpoint) => podPorts(workload, fieldOf(endpoint, 'port') ?? fieldOf(endpoint, 'targetPort')))
            .map((port) => ({ workload, port, why, by: object })),
        );
    }
    const endpoints = objectsOf(fieldOf(spec, 'endpoints'));
    return services
      .filter((service) => chosen(service, labelsOfService.get(service.place) ?? new Map()))
      .flatMap((service) =>
        endpoints.flatMap((endpoint) => {
          const [port, target] = [fieldOf(endpoint, 'port'), fieldOf(endpoint, 'targetPort')];
          if (port === undefined)
            return (service.workloads ?? []).flatMap((workload) =>
              podPorts(workload, target).map((one) => ({ workload, port: one, why, by: object })),
            );
          const ports = service.ports.filter(({ name }) => name === port);
          return backendsOf(service, ports).backends.map(({ workload, port: one }) => ({
            workload,
            port: one,
            why,
            by: object,
          }));
        }),
      );
  });
}

function podPorts(workload: Workload, port: unknown): number[] {
  if (typeof port === 'number') return [port];
  return typeof port === 'string' ? declaredPorts(workload, port).map(({ containerPort }) => containerPort) : [];
}

/** Whom a monitor selects; undefined where its selector is none. */
function chooser(
  object: ManifestObject,
  spec: ReturnType<typeof objectOf>,
): ((one: { cluster: string; namespace: string }, labels: ReadonlyMap<string, string>) => boolean) | undefined {
  const scope = objectOf(fieldOf(spec, 'namespaceSelector'));
  const names =
    listOf(fieldOf(scope, 'matchNames')).length > 0 ? textsOf(fieldOf(scope, 'matchNames')) : [object.namespace];
  const anywhere = fieldOf(scope, 'any') === true;
  try {
    const selector = parseSelector(fieldOf(spec, 'selector'), 'spec.selector');
    return ({ cluster, namespace }, labels) =>
      cluster === object.cluster && (anywhere || names.includes(namespace)) && selects(selector, labels);
  } catch (error) {
    if (error instanceof InvalidPolicy) return undefined;
    throw error;
  }
}
