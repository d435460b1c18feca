import { podSpecPath } from '@breakwater/engine/inventory';
import type { JsonObject, ManifestObject, SprawlItem } from '@breakwater/model';
import { type LiveIndex, objectsAt, ownersOf, textAt, textsAt, valueAt } from './live-index.ts';
import { labelTest, selectsLabels } from './select-labels.ts';
import { isSystem, sprawlItem } from './sprawl-item.ts';

/** Services, ingresses, policies, bindings and autoscalers that lead to nothing. */
export function deadPaths(index: LiveIndex): SprawlItem[] {
  return [
    ...index.ofKind('Service').flatMap((service) => deadService(service, index)),
    ...index.ofKind('Ingress').flatMap((ingress) => deadIngress(ingress, index)),
    ...['NetworkPolicy', 'PodDisruptionBudget'].flatMap((kind) =>
      index.ofKind(kind).flatMap((policy) => deadPolicy(policy, index)),
    ),
    ...['RoleBinding', 'ClusterRoleBinding'].flatMap((kind) =>
      index.ofKind(kind).flatMap((binding) => deadBinding(binding, index)),
    ),
    ...index.ofKind('HorizontalPodAutoscaler').flatMap((scaler) => deadAutoscaler(scaler, index)),
  ];
}

const labelsOf = new WeakMap<LiveIndex, Map<string, Record<string, string>[]>>();

/** Labels of all pods of a namespace, those that exist and those that workloads would make. */
function podLabels(cluster: string, namespace: string, index: LiveIndex): readonly Record<string, string>[] {
  let byNamespace = labelsOf.get(index);
  if (byNamespace === undefined) {
    byNamespace = new Map();
    labelsOf.set(index, byNamespace);
    for (const object of index.objects) {
      const path = podSpecPath(object);
      if (path === undefined) continue;
      const key = `${object.cluster}/${object.namespace}`;
      const labels = textsAt(valueAt(object.object, ...path.slice(0, -1)), 'metadata', 'labels');
      const known = byNamespace.get(key);
      if (known) known.push(labels);
      else byNamespace.set(key, [labels]);
    }
  }
  return byNamespace.get(`${cluster}/${namespace}`) ?? [];
}

function deadService(service: ManifestObject, index: LiveIndex): SprawlItem[] {
  const { object, cluster, namespace, name } = service;
  if (isSystem(service) || textAt(object, 'spec', 'type') === 'ExternalName') return [];
  if (namespace === 'default' && name === 'kubernetes') return [];
  const selector = textsAt(object, 'spec', 'selector');
  if (Object.keys(selector).length === 0) {
    const slices = index.inNamespace('EndpointSlice', cluster, namespace);
    const own = slices.filter(
      (slice) => textsAt(slice.object, 'metadata', 'labels')['kubernetes.io/service-name'] === name,
    );
    const leads = own.some((slice) => objectsAt(slice.object, 'endpoints').length > 0);
    return leads ? [] : [sprawlItem('dead-service', service, 'It has no selector, and nobody gave it endpoints')];
  }
  if (podLabels(cluster, namespace, index).some((labels) => selectsLabels(selector, labels))) return [];
  const wanted = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return [
    sprawlItem('dead-service', service, `No pod and no workload has the labels that it selects: ${wanted.join(', ')}`),
  ];
}

function deadIngress(ingress: ManifestObject, index: LiveIndex): SprawlItem[] {
  const { object, cluster, namespace } = ingress;
  const paths = objectsAt(object, 'spec', 'rules').flatMap((rule) => objectsAt(rule, 'http', 'paths'));
  const named = [
    ...paths.map((path) => textAt(path, 'backend', 'service', 'name')),
    textAt(object, 'spec', 'defaultBackend', 'service', 'name'),
  ].filter((name) => name !== undefined);
  const there = new Set(index.inNamespace('Service', cluster, namespace).map(({ name }) => name));
  const missing = [...new Set(named.filter((name) => !there.has(name)))];
  if (missing.length === 0) return [];
  return [sprawlItem('dead-ingress', ingress, `It leads to Service ${missing.join(', ')}, which does not exist`)];
}

function deadPolicy(policy: ManifestObject, index: LiveIndex): SprawlItem[] {
  const { object, kind, cluster, namespace } = policy;
  const selector =
    kind === 'NetworkPolicy' ? valueAt(object, 'spec', 'podSelector') : valueAt(object, 'spec', 'selector');
  const test = labelTest(selector, policy);
  if (test === undefined || podLabels(cluster, namespace, index).some(test)) return [];
  return [sprawlItem('dead-policy', policy, `This ${kind} selects no pod and no workload of its namespace`)];
}

function deadBinding(binding: ManifestObject, index: LiveIndex): SprawlItem[] {
  const { object, cluster, namespace, name } = binding;
  if (name.startsWith('system:') || isSystem(binding) || ownersOf(binding).length > 0) return [];
  const kind = textAt(object, 'roleRef', 'kind') ?? '';
  const role = textAt(object, 'roleRef', 'name') ?? '';
  const space = kind === 'Role' ? namespace : '';
  if (!index.inNamespace(kind, cluster, space).some((entry) => entry.name === role)) {
    return [sprawlItem('dead-binding', binding, `It grants ${kind} ${role}, which does not exist or may not be read`)];
  }
  const subjects = objectsAt(object, 'subjects');
  if (subjects.length > 0 && !subjects.every((subject) => isGone(subject, binding, index))) return [];
  const named = subjects.map((subject) => `${textAt(subject, 'namespace') ?? namespace}/${textAt(subject, 'name')}`);
  const why =
    subjects.length === 0
      ? 'It grants something to nobody'
      : `It grants to service accounts that do not exist: ${named.join(', ')}`;
  return [sprawlItem('dead-binding', binding, why)];
}

/** Users and groups are not objects: whether they exist nobody knows. */
function isGone(subject: JsonObject, { cluster, namespace }: ManifestObject, index: LiveIndex): boolean {
  if (subject['kind'] !== 'ServiceAccount') return false;
  const space = textAt(subject, 'namespace') ?? namespace;
  return !index.inNamespace('ServiceAccount', cluster, space).some(({ name }) => name === subject['name']);
}

function deadAutoscaler(scaler: ManifestObject, index: LiveIndex): SprawlItem[] {
  const { object, cluster, namespace } = scaler;
  const kind = textAt(object, 'spec', 'scaleTargetRef', 'kind') ?? '';
  const name = textAt(object, 'spec', 'scaleTargetRef', 'name') ?? '';
  const known = index.ofKind(kind).length > 0 || kind === 'Deployment' || kind === 'StatefulSet';
  if (!known || index.inNamespace(kind, cluster, namespace).some((entry) => entry.name === name)) return [];
  return [sprawlItem('dead-autoscaler', scaler, `It scales ${kind} ${name}, which does not exist`)];
}
