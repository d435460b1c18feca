import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectOf, textOf } from '../json/index.ts';
import type { PodTemplate } from './pods.ts';

/** What a service mesh does for the traffic of a workload. */
export interface MeshMembership {
  mesh: 'istio' | 'linkerd' | 'consul' | 'kuma';
  /** Callers outside of the mesh are refused: all that comes in is encrypted. Else only what comes from members is. */
  strict: boolean;
  /** Ports for which the rule for the whole workload does not hold. */
  exceptions: ReadonlyMap<number, boolean>;
}

/** The mode of mutual TLS that one PeerAuthentication sets. */
interface PeerAuthentication {
  namespace: string;
  /** Undefined where it is about all of its namespace. */
  selector: ReadonlyMap<string, string> | undefined;
  mode: string | undefined;
  ports: ReadonlyMap<number, string>;
}

/** Istio's namespace, whose PeerAuthentication without selector holds for the whole mesh. */
const MESH_NAMESPACE = 'istio-system';

/** Which workloads are members of a service mesh, and what they ask of their callers. */
export class Meshes {
  readonly #namespaces: ReadonlyMap<
    string,
    { labels: ReadonlyMap<string, string>; annotations: ReadonlyMap<string, string> }
  >;
  readonly #authentications: ReadonlyMap<string, readonly PeerAuthentication[]>;
  readonly #kumaMutual: boolean;

  constructor(objects: readonly ManifestObject[]) {
    this.#namespaces = new Map(
      objects
        .filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1')
        .map(({ name, object }) => [name, marksOf(object)] as const),
    );
    const authentications = objects.flatMap((object) =>
      object.kind === 'PeerAuthentication' && object.apiVersion.startsWith('security.istio.io/')
        ? [readAuthentication(object)]
        : [],
    );
    this.#authentications = Map.groupBy(authentications, ({ namespace }) => namespace);
    this.#kumaMutual = objects.some(
      ({ kind, apiVersion, object }) =>
        kind === 'Mesh' &&
        apiVersion.startsWith('kuma.io/') &&
        fieldAt(object, 'spec', 'mtls', 'enabledBackend') !== undefined,
    );
  }

  /** Undefined where nothing encrypts for it. */
  membershipOf(workload: Workload, { labels, annotations }: PodTemplate): MeshMembership | undefined {
    if (workload.hostNetwork) return undefined;
    const namespace = this.#namespaces.get(workload.namespace);
    const own = (key: string): string | undefined => labels.get(key) ?? annotations.get(key);
    const inherited = (key: string): string | undefined =>
      own(key) ?? namespace?.labels.get(key) ?? namespace?.annotations.get(key);
    const contains = (name: string): boolean => workload.containers.some((container) => container.name === name);
    if (contains('istio-proxy') || isInIstio(own, inherited)) return this.#inIstio(workload);
    if (contains('linkerd-proxy') || /^(enabled|ingress)$/.test(inherited('linkerd.io/inject') ?? '')) {
      const policy = inherited('config.linkerd.io/default-inbound-policy') ?? '';
      return {
        mesh: 'linkerd',
        strict: policy.includes('authenticated') && !policy.includes('unauthenticated'),
        exceptions: new Map(),
      };
    }
    if (own('consul.hashicorp.com/connect-inject') === 'true')
      return { mesh: 'consul', strict: true, exceptions: new Map() };
    const kuma = /^(enabled|true)$/.test(inherited('kuma.io/sidecar-injection') ?? '');
    return kuma && this.#kumaMutual ? { mesh: 'kuma', strict: true, exceptions: new Map() } : undefined;
  }

  /** The narrowest PeerAuthentication that says a mode: for the workload, its namespace, the mesh; else both are let in. */
  #inIstio(workload: Workload): MeshMembership {
    const inNamespace = this.#authentications.get(workload.namespace) ?? [];
    const narrow = inNamespace.filter(
      ({ selector }) => selector !== undefined && isSelected(selector, workload.podLabels),
    );
    const wide = inNamespace.filter(({ selector }) => selector === undefined);
    const whole = (this.#authentications.get(MESH_NAMESPACE) ?? []).filter(({ selector }) => selector === undefined);
    const mode = [...narrow, ...wide, ...whole].find((one) => one.mode !== undefined)?.mode;
    const ports = narrow.flatMap((one) => [...one.ports]);
    return {
      mesh: 'istio',
      strict: mode === 'STRICT',
      exceptions: new Map(ports.map(([port, own]) => [port, own === 'STRICT'] as const)),
    };
  }
}

/** Whether what comes to a port is encrypted, from members of the mesh and from others. */
export function meshEncrypts(membership: MeshMembership | undefined, port: number, fromMember: boolean): boolean {
  if (membership === undefined) return false;
  return fromMember || (membership.exceptions.get(port) ?? membership.strict);
}

type Mark = (key: string) => string | undefined;

/** A pod's own word counts before that of its namespace, and one that takes it out before all. */
function isInIstio(own: Mark, inherited: Mark): boolean {
  const said = own('sidecar.istio.io/inject');
  if (said !== undefined) return said === 'true';
  if (inherited('istio.io/dataplane-mode') === 'ambient') return true;
  const injection = inherited('istio-injection');
  return injection === 'enabled' || (injection !== 'disabled' && inherited('istio.io/rev') !== undefined);
}

function marksOf(object: JsonObject): {
  labels: ReadonlyMap<string, string>;
  annotations: ReadonlyMap<string, string>;
} {
  const of = (field: string): ReadonlyMap<string, string> => labelsOf(fieldAt(object, 'metadata', field));
  return { labels: of('labels'), annotations: of('annotations') };
}

function readAuthentication({ namespace, object }: ManifestObject): PeerAuthentication {
  const spec = objectOf(fieldOf(object, 'spec'));
  const selector = labelsOf(fieldAt(spec, 'selector', 'matchLabels'));
  const ports = Object.entries(objectOf(fieldOf(spec, 'portLevelMtls')) ?? {}).flatMap(([port, own]) => {
    const mode = modeOf(objectOf(own));
    return mode === undefined || !/^[0-9]{1,5}$/.test(port) ? [] : [[Number(port), mode] as const];
  });
  return {
    namespace,
    selector: selector.size === 0 ? undefined : selector,
    mode: modeOf(objectOf(fieldOf(spec, 'mtls'))),
    ports: new Map(ports),
  };
}

/** `UNSET` leaves it to the wider one. */
function modeOf(value: JsonObject | undefined): string | undefined {
  const mode = textOf(fieldOf(value, 'mode'));
  return mode === 'UNSET' ? undefined : mode;
}

function isSelected(selector: ReadonlyMap<string, string>, labels: Workload['podLabels']): boolean {
  return [...selector].every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}
