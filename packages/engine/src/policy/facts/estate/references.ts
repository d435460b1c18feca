import type { JsonObject } from '@breakwater/model';
import { fieldAt, fieldOf, listOf, objectOf, objectsOf, textOf } from '../../../json/index.ts';
import { podSpecPointer } from '../workload.ts';
import { type Entry, podOf } from './entry.ts';
import { isClusterScoped } from './kinds.ts';

/** Another object that an object names. */
export interface Named {
  kind: string;
  /** Empty for kinds outside of namespaces. */
  namespace: string;
  name: string;
  /** What it is named as: `backend`, `target`, `service account`, `role`, `claim`, `config map`, `secret`, ... */
  as: string;
  /** Kubernetes goes on without it. */
  optional: boolean;
}

const ROUTES = new Set(['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute']);
const BINDINGS = new Set(['RoleBinding', 'ClusterRoleBinding']);
const SCALABLE = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']);

/** Whether objects of a kind may name one of another kind. */
export function mayName(kind: string, named: string): boolean {
  switch (named) {
    case 'Service':
      return /^(Ingress|APIService|StatefulSet)$|WebhookConfiguration$/.test(kind) || ROUTES.has(kind);
    case 'Role':
    case 'ClusterRole':
      return BINDINGS.has(kind);
    case 'StorageClass':
      return kind === 'PersistentVolume' || kind === 'PersistentVolumeClaim';
    case 'ServiceAccount':
      return BINDINGS.has(kind) || podSpecPointer(kind) !== undefined;
    case 'Secret':
    case 'ConfigMap':
    case 'PersistentVolumeClaim':
      return podSpecPointer(kind) !== undefined;
    default:
      return kind === 'HorizontalPodAutoscaler' && SCALABLE.has(named);
  }
}

/** Every object that an object names, as far as Kubernetes itself gives the field its meaning. */
export function namedBy(entry: Entry): Named[] {
  const { kind } = entry;
  if (kind === 'Ingress') return ingressBackends(entry);
  if (kind === 'HorizontalPodAutoscaler') return scaleTarget(entry);
  if (BINDINGS.has(kind)) return [...roleOf(entry), ...accountsOf(entry)];
  if (kind === 'PersistentVolume' || kind === 'PersistentVolumeClaim') return storageClass(entry);
  if (kind.endsWith('WebhookConfiguration')) return webhookServices(entry);
  if (kind === 'APIService') return name(entry, 'Service', fieldAt(entry.object, 'spec', 'service'), 'service');
  if (ROUTES.has(kind)) return routeBackends(entry);
  const pod = podOf(entry);
  return pod === undefined ? [] : [...podReferences(entry, pod), ...governingService(entry)];
}

/** A reference by `name`, and by `namespace` where it may lead elsewhere. */
function name(entry: Entry, kind: string, reference: unknown, as: string, optional = false): Named[] {
  const object = objectOf(reference as JsonObject | undefined);
  const text = textOf(fieldOf(object, 'name'));
  if (text === undefined || text === '') return [];
  const namespace = isClusterScoped(kind) ? '' : textOf(fieldOf(object, 'namespace')) || entry.namespace;
  return [{ kind, namespace, name: text, as, optional }];
}

/** A name alone, of an object in the same namespace. */
function local(entry: Entry, kind: string, value: unknown, as: string, optional = false): Named[] {
  return name(entry, kind, { name: value as string }, as, optional);
}

/** Both shapes of backends: `service.name`, and `serviceName` of the old API. */
function ingressBackends(entry: Entry): Named[] {
  const spec = objectOf(fieldOf(entry.object, 'spec'));
  const paths = objectsOf(fieldOf(spec, 'rules')).flatMap((rule) => objectsOf(fieldAt(rule, 'http', 'paths')));
  const backends = [
    fieldOf(spec, 'defaultBackend') ?? fieldOf(spec, 'backend'),
    ...paths.map((path) => fieldOf(path, 'backend')),
  ];
  return backends.flatMap((backend) =>
    local(
      entry,
      'Service',
      fieldAt(objectOf(backend), 'service', 'name') ?? fieldOf(objectOf(backend), 'serviceName'),
      'backend',
    ),
  );
}

function routeBackends(entry: Entry): Named[] {
  const rules = objectsOf(fieldAt(entry.object, 'spec', 'rules'));
  return rules
    .flatMap((rule) => objectsOf(fieldOf(rule, 'backendRefs')))
    .filter((ref) => (fieldOf(ref, 'kind') ?? 'Service') === 'Service' && (fieldOf(ref, 'group') ?? '') === '')
    .flatMap((ref) => name(entry, 'Service', ref, 'backend'));
}

/** Other kinds than these may have a scale too: what defines them is seldom in view. */
function scaleTarget(entry: Entry): Named[] {
  const target = objectOf(fieldAt(entry.object, 'spec', 'scaleTargetRef'));
  const kind = textOf(fieldOf(target, 'kind')) ?? '';
  return SCALABLE.has(kind) ? local(entry, kind, fieldOf(target, 'name'), 'target') : [];
}

function roleOf(entry: Entry): Named[] {
  const role = objectOf(fieldOf(entry.object, 'roleRef'));
  return local(entry, fieldOf(role, 'kind') === 'Role' ? 'Role' : 'ClusterRole', fieldOf(role, 'name'), 'role');
}

function accountsOf(entry: Entry): Named[] {
  return objectsOf(fieldOf(entry.object, 'subjects'))
    .filter((subject) => fieldOf(subject, 'kind') === 'ServiceAccount')
    .flatMap((subject) => name(entry, 'ServiceAccount', subject, 'subject'));
}

const storageClass = (entry: Entry): Named[] =>
  local(entry, 'StorageClass', fieldAt(entry.object, 'spec', 'storageClassName'), 'storage class');

const webhookServices = (entry: Entry): Named[] =>
  objectsOf(fieldOf(entry.object, 'webhooks')).flatMap((hook) =>
    name(entry, 'Service', fieldAt(hook, 'clientConfig', 'service'), 'service'),
  );

const governingService = (entry: Entry): Named[] =>
  entry.kind === 'StatefulSet' ? local(entry, 'Service', fieldAt(entry.object, 'spec', 'serviceName'), 'service') : [];

function podReferences(entry: Entry, pod: JsonObject): Named[] {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    objectsOf(fieldOf(pod, list)),
  );
  return [
    ...local(entry, 'ServiceAccount', fieldOf(pod, 'serviceAccountName'), 'service account'),
    ...objectsOf(fieldOf(pod, 'imagePullSecrets')).flatMap((ref) => name(entry, 'Secret', ref, 'pull secret', true)),
    ...objectsOf(fieldOf(pod, 'volumes')).flatMap((volume) => volumeReferences(entry, volume)),
    ...containers.flatMap((container) => environmentReferences(entry, container)),
  ];
}

const isOptional = (source: JsonObject | undefined): boolean => fieldOf(source, 'optional') === true;

function volumeReferences(entry: Entry, volume: JsonObject): Named[] {
  const claim = objectOf(fieldOf(volume, 'persistentVolumeClaim'));
  const sources = [volume, ...objectsOf(fieldAt(volume, 'projected', 'sources'))];
  return [
    ...local(entry, 'PersistentVolumeClaim', fieldOf(claim, 'claimName'), 'claim'),
    ...sources.flatMap((source) => {
      const secret = objectOf(fieldOf(source, 'secret'));
      const map = objectOf(fieldOf(source, 'configMap'));
      const secretName = fieldOf(secret, 'secretName') ?? fieldOf(secret, 'name');
      return [
        ...local(entry, 'Secret', secretName, 'secret', isOptional(secret)),
        ...local(entry, 'ConfigMap', fieldOf(map, 'name'), 'config map', isOptional(map)),
      ];
    }),
  ];
}

function environmentReferences(entry: Entry, container: JsonObject): Named[] {
  const sources = [
    ...objectsOf(fieldOf(container, 'envFrom')),
    ...listOf(fieldOf(container, 'env')).map((variable) => objectOf(fieldAt(objectOf(variable), 'valueFrom')) ?? {}),
  ];
  return sources.flatMap((source) => {
    const secret = objectOf(fieldOf(source, 'secretRef') ?? fieldOf(source, 'secretKeyRef'));
    const map = objectOf(fieldOf(source, 'configMapRef') ?? fieldOf(source, 'configMapKeyRef'));
    return [
      ...name(entry, 'Secret', { name: fieldOf(secret, 'name') }, 'secret', isOptional(secret)),
      ...name(entry, 'ConfigMap', { name: fieldOf(map, 'name') }, 'config map', isOptional(map)),
    ];
  });
}
