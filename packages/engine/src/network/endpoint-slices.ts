import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectsOf, textOf, textsOf } from '../json/index.ts';
import type { FindByLabels, ServicePort } from './service-port.ts';

/** What is written down to be behind a Service. */
export interface WrittenEndpoints {
  workloads: Workload[];
  /** Addresses that no pod in view is known to have. */
  addresses: string[];
  /** The Service's ports with the numbers that they have there. */
  ports: ServicePort[];
}

/** The label that names the Service of an EndpointSlice. */
const SERVICE_NAME = 'kubernetes.io/service-name';
/** Labels that pods have and their templates do not. */
const OF_PODS = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
]);

/** EndpointSlices and Endpoints by Service: what stands behind Services without a selector. */
export class EndpointSlices {
  readonly #byService = new Map<string, JsonObject[]>();
  readonly #pods = new Map<string, ManifestObject>();
  readonly #find: FindByLabels;

  constructor(objects: readonly ManifestObject[], find: FindByLabels) {
    this.#find = find;
    for (const object of objects) {
      const { kind, apiVersion, cluster, namespace, name } = object;
      if (kind === 'Pod' && apiVersion === 'v1') this.#addPod(object);
      const service =
        kind === 'EndpointSlice' && apiVersion.startsWith('discovery.k8s.io/')
          ? labelsOf(fieldAt(object.object, 'metadata', 'labels')).get(SERVICE_NAME)
          : kind === 'Endpoints' && apiVersion === 'v1'
            ? name
            : undefined;
      if (service === undefined) continue;
      const key = `${cluster}/${namespace}/${service}`;
      this.#byService.set(key, [...(this.#byService.get(key) ?? []), object.object]);
    }
  }

  /** Undefined where nothing is written down. */
  behind({ cluster, namespace, name }: ManifestObject, ports: readonly ServicePort[]): WrittenEndpoints | undefined {
    const slices = this.#byService.get(`${cluster}/${namespace}/${name}`);
    if (slices === undefined) return undefined;
    const numbers = new Map<string, number>();
    const workloads = new Set<Workload>();
    const addresses = new Set<string>();
    for (const slice of slices) {
      for (const port of portsOf(slice)) {
        const number = fieldOf(port, 'port');
        if (typeof number === 'number') numbers.set(textOf(fieldOf(port, 'name')) ?? '', number);
      }
      for (const endpoint of endpointsOf(slice)) {
        const single = textOf(fieldOf(endpoint, 'ip'));
        const own = [...textsOf(fieldOf(endpoint, 'addresses')), ...(single === undefined ? [] : [single])];
        const target = textOf(fieldAt(endpoint, 'targetRef', 'name'));
        const pod = this.#pods.get(`${cluster}/${namespace}/${target ?? ''}`) ?? this.#podAt(cluster, own);
        const found = pod === undefined ? [] : this.#workloadsOf(pod);
        for (const workload of found) workloads.add(workload);
        if (found.length === 0) for (const address of own) addresses.add(address);
      }
    }
    return {
      workloads: [...workloads],
      addresses: [...addresses],
      ports: ports.map((port) => ({ ...port, target: numbers.get(port.name ?? '') ?? port.target })),
    };
  }

  #addPod(pod: ManifestObject): void {
    const { cluster, namespace, name, object } = pod;
    this.#pods.set(`${cluster}/${namespace}/${name}`, pod);
    const listed = objectsOf(fieldAt(object, 'status', 'podIPs')).flatMap((one) => textOf(fieldOf(one, 'ip')) ?? []);
    for (const address of [textOf(fieldAt(object, 'status', 'podIP')), ...listed])
      if (address !== undefined) this.#pods.set(`${cluster} at ${address}`, pod);
  }

  #podAt(cluster: string, addresses: readonly string[]): ManifestObject | undefined {
    return addresses.map((address) => this.#pods.get(`${cluster} at ${address}`)).find((pod) => pod !== undefined);
  }

  #workloadsOf({ cluster, namespace, object }: ManifestObject): Workload[] {
    const labels = [...labelsOf(fieldAt(object, 'metadata', 'labels'))].filter(([key]) => !OF_PODS.has(key));
    return this.#find(cluster, namespace, new Map(labels));
  }
}

function portsOf(slice: JsonObject): JsonObject[] {
  return [
    ...objectsOf(fieldOf(slice, 'ports')),
    ...subsetsOf(slice).flatMap((one) => objectsOf(fieldOf(one, 'ports'))),
  ];
}

/** Of an EndpointSlice its endpoints, of Endpoints the addresses of its subsets. */
function endpointsOf(slice: JsonObject): JsonObject[] {
  const listed = subsetsOf(slice).flatMap((one) => objectsOf(fieldOf(one, 'addresses')));
  return [...objectsOf(fieldOf(slice, 'endpoints')), ...listed];
}

function subsetsOf(slice: JsonObject): JsonObject[] {
  return objectsOf(fieldOf(slice, 'subsets'));
}
