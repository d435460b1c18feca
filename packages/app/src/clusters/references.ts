import { podSpecPath } from '@breakwater/engine/inventory';
import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { isJsonObject, type LiveIndex, objectsAt, textAt, valueAt } from './live-index.ts';

/** What of a namespace is named by something, as `kind cluster/namespace/name`. */
export type References = ReadonlySet<string>;

/** Kinds whose every text might name a ConfigMap or a Secret: custom resources say so in ways that nobody can list. */
const KNOWN_GROUPS =
  /^(v1|apps\/|batch\/|networking\.k8s\.io\/|rbac\.authorization\.k8s\.io\/|policy\/|autoscaling\/|discovery\.k8s\.io\/|storage\.k8s\.io\/|coordination\.k8s\.io\/)/;
const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];

/** Everything that ConfigMaps, Secrets, service accounts and claims are named by. */
export function referencesOf(index: LiveIndex): References {
  const found = new Set<string>();
  for (const object of index.objects) {
    const add = (kind: string, name: string | undefined, namespace = object.namespace) => {
      if (name) found.add(referenceKey(kind, object.cluster, namespace, name));
    };
    const path = podSpecPath(object);
    const podSpec = path === undefined ? undefined : valueAt(object.object, ...path);
    if (isJsonObject(podSpec)) addPodSpec(podSpec, add);
    addByKind(object, add);
    if (!KNOWN_GROUPS.test(object.apiVersion)) {
      for (const text of textsIn(object.object['spec'])) {
        for (const kind of ['ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolumeClaim']) add(kind, text);
      }
    }
  }
  return found;
}

export function referenceKey(kind: string, cluster: string, namespace: string, name: string): string {
  return `${kind} ${cluster}/${namespace}/${name}`;
}

type Add = (kind: string, name: string | undefined, namespace?: string) => void;

function addPodSpec(podSpec: JsonObject, add: Add): void {
  add('ServiceAccount', textAt(podSpec, 'serviceAccountName') ?? textAt(podSpec, 'serviceAccount') ?? 'default');
  for (const pull of objectsAt(podSpec, 'imagePullSecrets')) add('Secret', textAt(pull, 'name'));
  for (const volume of objectsAt(podSpec, 'volumes')) addVolume(volume, add);
  for (const container of CONTAINERS.flatMap((list) => objectsAt(podSpec, list))) {
    for (const source of objectsAt(container, 'envFrom')) {
      add('ConfigMap', textAt(source, 'configMapRef', 'name'));
      add('Secret', textAt(source, 'secretRef', 'name'));
    }
    for (const variable of objectsAt(container, 'env')) {
      add('ConfigMap', textAt(variable, 'valueFrom', 'configMapKeyRef', 'name'));
      add('Secret', textAt(variable, 'valueFrom', 'secretKeyRef', 'name'));
    }
  }
}

function addVolume(volume: JsonObject, add: Add): void {
  add('ConfigMap', textAt(volume, 'configMap', 'name'));
  add('Secret', textAt(volume, 'secret', 'secretName'));
  add('PersistentVolumeClaim', textAt(volume, 'persistentVolumeClaim', 'claimName'));
  for (const source of objectsAt(volume, 'projected', 'sources')) {
    add('ConfigMap', textAt(source, 'configMap', 'name'));
    add('Secret', textAt(source, 'secret', 'name'));
  }
  // Drivers take theirs by names of their own: csi.nodePublishSecretRef, cephfs.secretRef.
  for (const [key, driver] of Object.entries(volume)) {
    if (key === 'name' || !isJsonObject(driver)) continue;
    add('Secret', textAt(driver, 'secretRef', 'name'));
    add('Secret', textAt(driver, 'nodePublishSecretRef', 'name'));
  }
}

function addByKind({ kind, object }: ManifestObject, add: Add): void {
  if (kind === 'ServiceAccount') {
    for (const list of ['secrets', 'imagePullSecrets']) {
      for (const secret of objectsAt(object, list)) add('Secret', textAt(secret, 'name'));
    }
  } else if (kind === 'Ingress') {
    for (const tls of objectsAt(object, 'spec', 'tls')) add('Secret', textAt(tls, 'secretName'));
  } else if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') {
    for (const subject of objectsAt(object, 'subjects')) {
      if (subject['kind'] === 'ServiceAccount')
        add('bound ServiceAccount', textAt(subject, 'name'), textAt(subject, 'namespace'));
    }
  } else if (kind === 'PersistentVolume') {
    for (const secret of ['nodePublishSecretRef', 'nodeStageSecretRef', 'controllerPublishSecretRef']) {
      add('Secret', textAt(object, 'spec', 'csi', secret, 'name'), textAt(object, 'spec', 'csi', secret, 'namespace'));
    }
  }
}

/** Texts that may be names; what is longer or has spaces is none. */
function* textsIn(value: Json | undefined, depth = 0): Iterable<string> {
  if (typeof value === 'string') {
    if (value.length <= 253 && /^[a-z0-9][a-z0-9.-]*$/.test(value)) yield value;
  } else if (typeof value === 'object' && value !== null && depth < 50) {
    for (const item of Object.values(value)) yield* textsIn(item, depth + 1);
  }
}
