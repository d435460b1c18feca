import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '@breakwater/engine/json';
import { finderOf, type Service, serviceNamed, servicesOf } from '@breakwater/engine/network';
import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { subjectOfPod } from '../ingest/subject-of.ts';

/** Who answers where, as the estate's Services, EndpointSlices and pods say: plain data, to be kept with an assessment. */
export interface EstateAddresses {
  /** An address, or `namespace/name` of a Service, and the workloads behind it as `namespace/Kind/name`. */
  places: { cluster: string; place: string; subjects: string[] }[];
}

/** Under which name it is kept among documents of the store. */
export const ADDRESSES_DOCUMENT = ['incidents', 'addresses'] as const;

/** Addresses and names that are kept; Services come first, for pods tell their own addresses as they connect. */
const MOST = 50_000;
/** Of a Service: more than these are no lead. */
const MOST_BEHIND = 20;
const SERVICE_NAME = 'kubernetes.io/service-name';
/** A headless Service has this for an address. */
const NO_ADDRESS = new Set(['', 'None']);

/**
 * Where connections lead to. A Service's own addresses (`clusterIPs`, `externalIPs`, those of its load balancer) and its name
 * lead to the workloads that its selector or its EndpointSlices name; a pod's address to its workload. An address that
 * several workloads have, as those of a node, leads to none of them.
 */
export function estateAddresses(estate: {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
}): EstateAddresses {
  const { objects, workloads } = estate;
  const services = servicesOf(objects, finderOf(workloads));
  const byName = new Map(services.map((one) => [`${one.cluster}\0${one.namespace}/${one.name}`, one]));
  const declared = new Map(objects.flatMap((one) => (one.kind === 'Service' ? [[nameIn(one), one.object]] : [])));
  const places: EstateAddresses['places'] = [];
  for (const service of services) {
    const subjects = behind(service, byName);
    if (subjects.length === 0 || subjects.length > MOST_BEHIND) continue;
    const { cluster, namespace, name } = service;
    const own = addressesOf(declared.get(nameIn(service)) ?? {});
    for (const place of [`${namespace}/${name}`, ...own]) places.push({ cluster, place, subjects });
  }
  return { places: [...places, ...podPlaces(objects)].slice(0, MOST) };
}

const nameIn = ({ cluster, namespace, name }: Pick<ManifestObject, 'cluster' | 'namespace' | 'name'>): string =>
  `${cluster}\0${namespace}/${name}`;

/** As events name them. Another name for a Service leads to what that leads to. */
function behind(service: Service, byName: ReadonlyMap<string, Service>): string[] {
  const other = serviceNamed(service.externalName);
  const real = other === undefined ? service : byName.get(`${service.cluster}\0${other}`);
  return (real?.workloads ?? []).map(({ namespace, kind, name }) => `${namespace}/${kind}/${name}`);
}

function addressesOf(service: JsonObject): string[] {
  const spec = (name: string) => fieldAt(service, 'spec', name);
  const balanced = objectsOf(fieldAt(service, 'status', 'loadBalancer', 'ingress'));
  const all = [
    textOf(spec('clusterIP')) ?? '',
    ...textsOf(spec('clusterIPs')),
    ...textsOf(spec('externalIPs')),
    ...balanced.flatMap((one) => textOf(fieldOf(one, 'ip')) ?? []),
  ];
  return [...new Set(all.filter((address) => !NO_ADDRESS.has(address)))];
}

/** Addresses of pods: their own, and those that EndpointSlices name of them. */
function podPlaces(objects: readonly ManifestObject[]): EstateAddresses['places'] {
  const found = new Map<string, { cluster: string; place: string; subjects: Set<string> }>();
  const add = (cluster: string, place: string | undefined, subject: string): void => {
    if (place === undefined) return;
    const known = found.get(`${cluster}\0${place}`) ?? { cluster, place, subjects: new Set() };
    found.set(`${cluster}\0${place}`, known);
    known.subjects.add(subject);
  };
  const labels = new Map<string, Record<string, string>>();
  for (const one of objects) {
    if (one.kind !== 'Pod' || one.apiVersion !== 'v1') continue;
    const own = Object.fromEntries(labelsOf(fieldAt(one.object, 'metadata', 'labels')));
    labels.set(nameIn(one), own);
    if (/^(?:Succeeded|Failed)$/.test(textOf(fieldAt(one.object, 'status', 'phase')) ?? '')) continue;
    const subject = subjectOfPod({ namespace: one.namespace, name: one.name, labels: own });
    const addresses = objectsOf(fieldAt(one.object, 'status', 'podIPs')).map((ip) => textOf(fieldOf(ip, 'ip')));
    for (const address of [textOf(fieldAt(one.object, 'status', 'podIP')), ...addresses])
      add(one.cluster, address, subject);
  }
  for (const { kind, cluster, namespace, object } of objects) {
    if (kind !== 'EndpointSlice' || labelsOf(fieldAt(object, 'metadata', 'labels')).get(SERVICE_NAME) === undefined)
      continue;
    for (const endpoint of objectsOf(fieldOf(object, 'endpoints'))) {
      const name = textOf(fieldAt(endpoint, 'targetRef', 'name'));
      if (name === undefined || textOf(fieldAt(endpoint, 'targetRef', 'kind')) !== 'Pod') continue;
      const pod = { namespace, name, labels: labels.get(nameIn({ cluster, namespace, name })) ?? {} };
      for (const address of textsOf(fieldOf(endpoint, 'addresses'))) add(cluster, address, subjectOfPod(pod));
    }
  }
  return [...found.values()].flatMap(({ cluster, place, subjects }) =>
    subjects.size === 1 ? [{ cluster, place, subjects: [...subjects] }] : [],
  );
}
