import type {
  FieldOrigin,
  Json,
  JsonObject,
  ManifestObject,
  Place,
  Translation,
  Unknown,
  UnknownField,
} from '@breakwater/model';
import { ContainerDraft } from './container-draft.ts';
import { listIn, setIn } from './set-in.ts';
import { unsetIn, type Written } from './written.ts';

/** Who a workload of another platform is. */
export interface WorkloadIdentity {
  platform: Translation['platform'];
  apiVersion: string;
  kind: string;
  cluster: string;
  namespace: string;
  name: string;
  place: Place;
}

type Pointer = readonly (string | number)[];

const POD = ['spec', 'template', 'spec'] as const;

/**
 * A workload of another platform while it is put into the shape of a Kubernetes one: each field with the place that says it,
 * and what cannot be told. What the platform cannot do is simply not there.
 */
export class WorkloadDraft {
  readonly identity: WorkloadIdentity;
  readonly unknowns: Unknown[] = [];
  readonly #pod: JsonObject = { automountServiceAccountToken: false };
  readonly #containers: ContainerDraft[] = [];
  readonly #volumes: JsonObject[] = [];
  readonly #origins: FieldOrigin[] = [];
  readonly #doubts: UnknownField[] = [];
  readonly #variables = new Set<string>();

  constructor(identity: WorkloadIdentity) {
    this.identity = identity;
  }

  /** Sets a field of the pod. */
  setPod(pointer: readonly string[], value: Json, from: Written): void {
    setIn(this.#pod, pointer, value);
    this.origin([...POD, ...pointer], from);
  }

  /** A further item of a list of the pod's security context. */
  addSysctl(name: string, value: string, from: Written): void {
    const sysctls = listIn(this.#pod, ['securityContext', 'sysctls']);
    this.origin([...POD, 'securityContext', 'sysctls', sysctls.length], from);
    sysctls.push({ name, value });
  }

  addContainer(name: string, from: Written): ContainerDraft {
    const pointer = [...POD, 'containers', this.#containers.length];
    const container = new ContainerDraft(this, pointer, name);
    this.#containers.push(container);
    this.#origins.push({ pointer, place: from.place });
    return container;
  }

  /** A volume of the pod; the name that mounts refer to it by is given back. One of the same name counts once. */
  addVolume(name: string, source: JsonObject, from: Written): string {
    const known = this.#volumes.findIndex((volume) => volume['name'] === name);
    if (known === -1) {
      this.origin([...POD, 'volumes', this.#volumes.length], from);
      this.#volumes.push({ name, ...source });
    }
    return name;
  }

  get volumeCount(): number {
    return this.#volumes.length;
  }

  /** Notes what says a field; variables in it that have no value make the field unknown. */
  origin(pointer: Pointer, from: Written): void {
    this.#origins.push({ pointer: [...pointer], place: from.place });
    const unset = [...new Set(unsetIn(from))];
    if (unset.length > 0) this.doubtVariables(pointer, unset, from.place);
  }

  /** Makes a field unknown; `from` says where it is written all the same. */
  doubt(pointer: Pointer, reason: string, from?: Written): void {
    this.#doubts.push({ pointer: [...pointer], reason });
    if (from !== undefined) this.#origins.push({ pointer: [...pointer], place: from.place });
  }

  /** Makes a field of the pod unknown. */
  doubtPod(pointer: Pointer, reason: string, from?: Written): void {
    this.doubt([...POD, ...pointer], reason, from);
  }

  /** Makes a field unknown because of variables without a value, and says so once for each of them. */
  doubtVariables(pointer: Pointer, names: readonly string[], place: Place): void {
    this.doubt(pointer, `the value of ${names.map((name) => `$${name}`).join(', ')}`);
    for (const name of names) {
      if (this.#variables.has(name)) continue;
      this.#variables.add(name);
      const field = place.pointer?.slice(2).join('.') ?? '';
      this.unknowns.push({
        code: 'variable-unset',
        message: `Variable ${name} has no value here, so ${field} of service ${this.identity.name} is not known`,
        place,
        hint: `Give ${name} a value in the .env file beside it, or a default: \${${name}:-...}.`,
      });
    }
  }

  finish(about: { labels: Record<string, string>; replicas?: number; networks?: Json; source: Json }): ManifestObject {
    const { platform, place, ...identity } = this.identity;
    const { labels, replicas, networks, source } = about;
    const pod: JsonObject = {
      ...this.#pod,
      containers: this.#containers.map(({ object }) => object),
      ...(this.#volumes.length > 0 && { volumes: this.#volumes }),
    };
    const object: JsonObject = {
      apiVersion: identity.apiVersion,
      kind: identity.kind,
      metadata: { name: identity.name, namespace: identity.namespace, labels },
      spec: {
        ...(replicas !== undefined && { replicas }),
        ...(networks !== undefined && { networks }),
        template: { metadata: { labels }, spec: pod },
      },
      source,
    };
    return { ...identity, object, place, translation: { platform, origins: this.#origins, unknown: this.#doubts } };
  }
}
