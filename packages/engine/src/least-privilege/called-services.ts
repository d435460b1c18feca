import type { JsonObject, ManifestObject, Place, Workload } from '@breakwater/model';
import { type Backend, backendsOf, parseAddress, type Service } from '../network/index.ts';
import { ANY_ADDRESS, endOf, type Flow, type FlowFindings, onPort } from './flow.ts';
import { type NamedHost, namedHosts, serviceOfHost } from './named-hosts.ts';
import { apiServerFlow } from './platform.ts';
import { Configurations, type ConfigurationText, textsOfWorkload } from './texts-of.ts';

/** What callers are found from. */
export interface CallerFacts {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  services: readonly Service[];
  /** Pod specs by workload id. */
  specs: ReadonlyMap<string, JsonObject>;
}

/** Connections that configuration speaks of: environment, arguments, ConfigMaps and Secrets that name hosts. */
export function calledServices({ objects, workloads, services, specs }: CallerFacts): FlowFindings {
  const configurations = new Configurations(objects);
  const byName = Map.groupBy(services, ({ cluster, namespace, name }) => `${cluster}/${namespace}/${name}`);
  const namespaces = new Set(objects.map(({ cluster, namespace }) => `${cluster}/${namespace}`));
  const findings: FlowFindings = { flows: [], gaps: [] };
  for (const workload of workloads) {
    const caller = new Caller(workload, objects, byName, namespaces, findings);
    const spec = specs.get(workload.id);
    if (spec === undefined) continue;
    for (const text of textsOfWorkload(workload, spec, configurations))
      for (const named of namedHosts(text.text)) caller.calls(named, text);
  }
  return findings;
}

/** One workload, as it calls what its configuration names. */
class Caller {
  readonly #workload: Workload;
  readonly #services: ReadonlyMap<string, readonly Service[]>;
  readonly #namespaces: ReadonlySet<string>;
  readonly #findings: FlowFindings;
  readonly #objects: readonly ManifestObject[];
  readonly #said = new Set<string>();

  constructor(
    workload: Workload,
    objects: readonly ManifestObject[],
    services: ReadonlyMap<string, readonly Service[]>,
    namespaces: ReadonlySet<string>,
    findings: FlowFindings,
  ) {
    this.#workload = workload;
    this.#objects = objects;
    this.#services = services;
    this.#namespaces = namespaces;
    this.#findings = findings;
  }

  calls(named: NamedHost, text: ConfigurationText): void {
    const { host, port, plain } = named;
    if (text.file && !plain && !/\.svc(\.|$)/.test(host)) return;
    const services = this.#servicesOf(host);
    for (const service of services) this.#callsService(service, named, text);
    if (services.length > 0) return;
    const name = serviceOfHost(host, this.#workload.namespace);
    if (name === 'default/kubernetes')
      this.#findings.flows.push(apiServerFlow(this.#workload, this.#objects, `${text.where} names it`));
    else if (parseAddress(host) !== undefined) this.#callsAddress(host, port, text);
    else if (name !== undefined && /\.svc(\.cluster\.local)?$/.test(host)) this.#missing(name, text);
    else if (isExternal(named)) this.#callsOutside(host, port, text);
  }

  /** The Services that a host means; behind the name of a pod stands that of its headless Service. */
  #servicesOf(host: string): readonly Service[] {
    const named = (one: string): readonly Service[] => {
      const name = serviceOfHost(one, this.#workload.namespace);
      return name === undefined ? [] : (this.#services.get(`${this.#workload.cluster}/${name}`) ?? []);
    };
    const found = named(host);
    const dot = host.indexOf('.');
    return found.length > 0 || dot < 0 ? found : named(host.slice(dot + 1)).filter(({ headless }) => headless);
  }

  #callsService(service: Service, { host, port, plain }: NamedHost, text: ConfigurationText): void {
    if (service.externalName !== undefined) {
      this.#callsOutside(service.externalName, port ?? service.ports[0]?.port, text);
      return;
    }
    for (const { workload, ...there } of meantBackends(service, port)) {
      /* Its own name is often no more than what it is called. */
      if (workload === this.#workload && !(plain && port !== undefined)) continue;
      this.#add({
        to: endOf(workload),
        ports: [onPort(there.port, there.protocol)],
        why: `${text.where} names ${host}${port === undefined ? '' : `:${port}`}`,
        places: placesOf(text),
      });
    }
    if (service.workloads === undefined || service.workloads.length === 0) this.#callsUnseen(service, host, text);
  }

  /** A Service without pods among the manifests: those with its labels, or whoever where it has no selector. */
  #callsUnseen({ namespace, name, selector, ports }: Service, host: string, text: ConfigurationText): void {
    const isKnown = selector.size > 0;
    const targets = ports.map(({ target, protocol }) =>
      typeof target === 'number' ? [onPort(target, protocol)] : undefined,
    );
    this.#add({
      to: isKnown
        ? { kind: 'pods', namespaces: [namespace], labels: Object.fromEntries(selector) }
        : { kind: 'anyone' },
      ports: targets.includes(undefined) ? [] : targets.flatMap((target) => target ?? []),
      why: `${text.where} names ${host}`,
      places: placesOf(text),
    });
    this.#gap('service-elsewhere', `${namespace}/${name}`, text, (who, whom) =>
      isKnown
        ? `${who} calls Service ${whom}, whose pods are not among the manifests: pods with its labels are allowed.`
        : `${who} calls Service ${whom}, which has no selector: any address may be behind it.`,
    );
  }

  #callsAddress(host: string, port: number | undefined, text: ConfigurationText): void {
    if (isOwnAddress(host)) return;
    if (!text.file || port !== undefined)
      this.#add({
        to: { kind: 'addresses', blocks: [{ cidr: `${host}/${host.includes(':') ? 128 : 32}` }] },
        ports: port === undefined ? [] : [onPort(port)],
        why: `${text.where} names ${host}`,
        places: placesOf(text),
      });
  }

  #callsOutside(host: string, port: number | undefined, text: ConfigurationText): void {
    const said = `${host}${port === undefined ? '' : `:${port}`}`;
    this.#add({
      to: { kind: 'addresses', blocks: ANY_ADDRESS },
      ports: port === undefined ? [] : [onPort(port)],
      why: `${text.where} names ${said}`,
      places: placesOf(text),
    });
    this.#gap(
      'external-name',
      said,
      text,
      (who, whom) =>
        `${who} calls ${whom}: a NetworkPolicy knows no names, so it may go to any address ${port === undefined ? 'by every port' : `on port ${port}`}.`,
    );
  }

  /** A Service that a name of the cluster means and that is not there. */
  #missing(name: string, text: ConfigurationText): void {
    const [namespace = ''] = name.split('/');
    if (!this.#namespaces.has(`${this.#workload.cluster}/${namespace}`))
      this.#add({
        to: { kind: 'pods', namespaces: [namespace], labels: {} },
        ports: [],
        why: `${text.where} names Service ${name}`,
        places: placesOf(text),
      });
    this.#gap(
      'service-missing',
      name,
      text,
      (who, whom) => `${who} names Service ${whom}, which is not among the manifests: its pods are not known.`,
    );
  }

  #add(flow: Omit<Flow, 'from' | 'basis'>): void {
    this.#findings.flows.push({ from: endOf(this.#workload), basis: 'declared', ...flow });
  }

  #gap(
    code: FlowFindings['gaps'][number]['code'],
    whom: string,
    text: ConfigurationText,
    sentence: (who: string, whom: string) => string,
  ): void {
    if (this.#said.has(`${code} ${whom}`)) return;
    this.#said.add(`${code} ${whom}`);
    const { namespace, name, id } = this.#workload;
    this.#findings.gaps.push({
      code,
      message: sentence(`${namespace}/${name}`, whom),
      workload: id,
      places: placesOf(text),
    });
  }
}

/** The ports of pods that a caller of a Service means: the one that it names, else every port of the Service. */
function meantBackends(service: Service, port: number | undefined): Backend[] {
  const named = service.ports.filter((own) => own.port === port);
  if (named.length > 0 || port === undefined || service.workloads === undefined)
    return backendsOf(service, port === undefined ? service.ports : named).backends;
  /* Of a headless Service the caller meets the pods' own ports; else the port is not served and any may be meant. */
  if (service.headless) return service.workloads.map((workload) => ({ workload, port, protocol: 'TCP' }));
  return backendsOf(service, service.ports).backends;
}

function placesOf({ place }: ConfigurationText): Place[] {
  return place === undefined ? [] : [place];
}

/** Loopback and what stands for every address of its own. */
function isOwnAddress(host: string): boolean {
  return /^(127\.|0\.0\.0\.0$|255\.|::1$|::$)/.test(host);
}

/** A name of the world outside that is written as an address to call: after a scheme, or with a port. */
function isExternal({ host, port, scheme, plain }: NamedHost): boolean {
  const labels = host.split('.');
  const last = labels.at(-1)!;
  if (labels.length < 2 || !/^[a-z][a-z0-9-]*[a-z]$/.test(last) || ['local', 'localhost', 'internal'].includes(last))
    return false;
  return plain && (scheme !== undefined || port !== undefined);
}
