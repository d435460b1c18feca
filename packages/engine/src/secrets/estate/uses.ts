import type { Json, JsonObject, ManifestObject, Place, SecretReader } from '@breakwater/model';
import { podSpecPath } from '../../inventory/index.ts';
import { fieldAt, fieldOf, objectOf, objectsOf, textOf } from '../../json/index.ts';
import { subjectOf } from './written-secrets.ts';

/** Something that names a secret. */
export interface SecretUse {
  /** `Deployment shop/web`. */
  subject: string;
  /** "mounts it". */
  how: string;
  /** How its content comes into pods; absent for what only names it. */
  by?: SecretReader['by'];
  /** Keys and variables by which it is read. */
  words: string[];
  object: ManifestObject;
  places: Place[];
}

/** Groups of Kubernetes, whose kinds say in known fields which secrets they use. */
const knownGroups =
  /^(v1$|apps\/|batch\/|networking\.k8s\.io\/|extensions\/|rbac\.authorization\.k8s\.io\/|policy\/|autoscaling\/|discovery\.k8s\.io\/|storage\.k8s\.io\/|coordination\.k8s\.io\/|apiextensions\.k8s\.io\/)/;
const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

/** By `cluster/namespace/name` everything that names a secret. */
export class SecretUses {
  readonly #uses = new Map<string, SecretUse[]>();
  /** Texts of custom resources that may be names of secrets, by cluster and namespace. */
  readonly #mentions = new Map<string, ManifestObject>();

  constructor(objects: readonly ManifestObject[]) {
    for (const object of objects) {
      const path = podSpecPath(object);
      const spec = path === undefined ? undefined : objectOf(fieldAt(object.object, ...path));
      if (spec !== undefined) this.#addPods(object, spec);
      this.#addByKind(object);
      if (!knownGroups.test(object.apiVersion) && path === undefined)
        for (const text of namesIn(object.object['spec']))
          this.#mentions.set(`${object.cluster}/${object.namespace}/${text}`, object);
    }
  }

  /** Ids of all secrets that anything of Kubernetes names. */
  ids(): Iterable<string> {
    return this.#uses.keys();
  }

  of(id: string): readonly SecretUse[] {
    const mention = this.#mentions.get(id);
    const known = this.#uses.get(id) ?? [];
    if (mention === undefined) return known;
    return [
      ...known,
      { subject: subjectOf(mention), how: 'names it', words: [], object: mention, places: [mention.place] },
    ];
  }

  #add(
    object: ManifestObject,
    name: string | undefined,
    how: string,
    by?: SecretReader['by'],
    words: string[] = [],
    namespace?: string,
  ): void {
    if (name === undefined || name === '') return;
    const id = `${object.cluster}/${namespace ?? object.namespace}/${name}`;
    const uses = this.#uses.get(id) ?? [];
    this.#uses.set(id, uses);
    const subject = subjectOf(object);
    const same = uses.find((use) => use.subject === subject && use.how === how);
    if (same !== undefined) same.words.push(...words);
    else
      uses.push({
        subject,
        how,
        words: [...words],
        object,
        places: [object.place],
        ...(by === undefined ? {} : { by }),
      });
  }

  #addPods(object: ManifestObject, spec: JsonObject): void {
    for (const pull of objectsOf(fieldOf(spec, 'imagePullSecrets')))
      this.#add(object, textOf(fieldOf(pull, 'name')), 'pulls its images with it', 'image-pull');
    for (const volume of objectsOf(fieldOf(spec, 'volumes'))) {
      const mounted = textOf(fieldAt(volume, 'secret', 'secretName'));
      const keys = objectsOf(fieldAt(volume, 'secret', 'items')).flatMap((item) => textOf(fieldOf(item, 'key')) ?? []);
      this.#add(object, mounted, 'mounts it', 'mount', keys);
      for (const source of objectsOf(fieldAt(volume, 'projected', 'sources')))
        this.#add(object, textOf(fieldAt(source, 'secret', 'name')), 'mounts it', 'mount');
      for (const driver of Object.values(volume))
        for (const field of ['secretRef', 'nodePublishSecretRef'])
          this.#add(object, textOf(fieldAt(objectOf(driver), field, 'name')), 'mounts a volume by it');
    }
    for (const container of containerLists.flatMap((list) => objectsOf(fieldOf(spec, list)))) {
      for (const source of objectsOf(fieldOf(container, 'envFrom')))
        this.#add(object, textOf(fieldAt(source, 'secretRef', 'name')), 'reads it into its environment', 'environment');
      for (const variable of objectsOf(fieldOf(container, 'env'))) {
        const from = objectOf(fieldAt(variable, 'valueFrom', 'secretKeyRef'));
        const words = [fieldOf(variable, 'name'), fieldOf(from, 'key')].flatMap((word) => textOf(word) ?? []);
        this.#add(object, textOf(fieldOf(from, 'name')), 'reads it into its environment', 'environment', words);
      }
    }
  }

  #addByKind(object: ManifestObject): void {
    const { kind, object: body } = object;
    if (kind === 'ServiceAccount')
      for (const [list, how] of [
        ['secrets', 'names it'],
        ['imagePullSecrets', 'gives it to its pods, to pull images'],
      ] as const)
        for (const secret of objectsOf(fieldOf(body, list))) this.#add(object, textOf(fieldOf(secret, 'name')), how);
    if (kind === 'Ingress' || kind === 'IngressRoute')
      for (const tls of objectsOf(fieldAt(body, 'spec', 'tls')))
        this.#add(object, textOf(fieldOf(tls, 'secretName')), 'serves TLS with it');
    if (kind === 'Gateway')
      for (const listener of objectsOf(fieldAt(body, 'spec', 'listeners')))
        for (const reference of objectsOf(fieldAt(listener, 'tls', 'certificateRefs')))
          this.#add(
            object,
            textOf(fieldOf(reference, 'name')),
            'serves TLS with it',
            undefined,
            [],
            textOf(fieldOf(reference, 'namespace')),
          );
    if (kind === 'PersistentVolume' || kind === 'StorageClass')
      for (const [key, value] of secretReferences(body))
        this.#add(object, key, 'mounts volumes by it', undefined, [], value);
  }
}

/** Names and namespaces of the secrets of storage drivers. */
function secretReferences(body: JsonObject): [name: string, namespace: string][] {
  const found: [string, string][] = [];
  for (const source of Object.values(objectOf(fieldOf(body, 'spec')) ?? {}))
    for (const [field, reference] of Object.entries(objectOf(source) ?? {})) {
      const [name, namespace] = [
        textOf(fieldAt({ r: reference }, 'r', 'name')),
        textOf(fieldAt({ r: reference }, 'r', 'namespace')),
      ];
      if (/secretRef$/i.test(field) && name !== undefined && namespace !== undefined) found.push([name, namespace]);
    }
  const parameters = objectOf(fieldOf(body, 'parameters')) ?? {};
  for (const [key, value] of Object.entries(parameters)) {
    const namespace = textOf(fieldOf(parameters, key.replace(/name$/, 'namespace')));
    if (/secret-?name$/i.test(key) && typeof value === 'string' && namespace !== undefined)
      found.push([value, namespace]);
  }
  return found;
}

/** Texts that may be names; what is longer or has other characters is none. */
function* namesIn(value: Json | undefined, depth = 0): Iterable<string> {
  if (typeof value === 'string') {
    if (value.length <= 253 && /^[a-z0-9][a-z0-9.-]*$/.test(value)) yield value;
  } else if (typeof value === 'object' && value !== null && depth < 40)
    for (const item of Object.values(value)) yield* namesIn(item, depth + 1);
}
