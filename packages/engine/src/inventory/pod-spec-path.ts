import { isObject, type Json, type ManifestObject } from '@breakwater/model';
import { splitApiVersion } from './resource-names.ts';

const TEMPLATE = ['spec', 'template', 'spec'];

/** Groups in which a kind is the one of Kubernetes, and where its pod spec stands. */
const KINDS: Record<string, { groups: string[]; path: string[] }> = {
  Pod: { groups: [''], path: ['spec'] },
  ReplicationController: { groups: [''], path: TEMPLATE },
  Deployment: { groups: ['apps', 'extensions'], path: TEMPLATE },
  DaemonSet: { groups: ['apps', 'extensions'], path: TEMPLATE },
  ReplicaSet: { groups: ['apps', 'extensions'], path: TEMPLATE },
  StatefulSet: { groups: ['apps'], path: TEMPLATE },
  Job: { groups: ['batch', 'extensions'], path: TEMPLATE },
  CronJob: { groups: ['batch'], path: ['spec', 'jobTemplate', 'spec', 'template', 'spec'] },
  DeploymentConfig: { groups: ['apps.openshift.io', ''], path: TEMPLATE },
};

/**
 * Where the pod spec of an object stands; undefined for what runs nothing. A kind that is not known here, but carries a pod
 * template where Deployments carry theirs (Rollout, CloneSet, Knative's Service), runs it and counts as a workload.
 */
export function podSpecPath({ apiVersion, kind, object }: ManifestObject): string[] | undefined {
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (known?.groups.includes(splitApiVersion(apiVersion).group)) return known.path;
  const template = at(object, TEMPLATE);
  return isObject(template) && Array.isArray(template['containers']) ? TEMPLATE : undefined;
}

/**
 * Whether a workload of its own owns this object: then the owner stands for it. Owners that are no workloads (a node owns
 * its static pods) do not.
 */
export function isOwnedByWorkload({ object }: ManifestObject): boolean {
  const owners = at(object, ['metadata', 'ownerReferences']);
  if (!Array.isArray(owners)) return false;
  return owners.some((owner) => {
    const kind = isObject(owner) && owner['controller'] === true ? owner['kind'] : undefined;
    return typeof kind === 'string' && (Object.hasOwn(KINDS, kind) || kind === 'Rollout');
  });
}

function at(value: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path) {
    if (!isObject(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}
