import { recordOf } from './loose-values.ts';

/** What made an object, as far as the object itself tells. */
export interface Controller {
  kind: string;
  name: string;
}

/** Kubernetes' own, which make what somebody wrote before: a Deployment's ReplicaSet, a ReplicaSet's pods. */
export const KUBERNETES_CONTROLLERS: readonly string[] = [
  'deployment',
  'replicaset',
  'statefulset',
  'daemon-set',
  'replication',
  'job',
  'cronjob',
].map((name) => `system:serviceaccount:kube-system:${name}-controller`);

/** Whether a user is one of Kubernetes' own controllers. */
export const isKubernetesController = (username: unknown): boolean =>
  KUBERNETES_CONTROLLERS.includes(username as string);

/** What the job of a CronJob is called after: the minute that it was due. */
const DUE = /-\d{8}$/;

/**
 * The controller of an object, and what that is named after: the Deployment of a ReplicaSet, by the hash in the pod's
 * labels; the CronJob of a Job. People know a pod by these names, and exceptions that name them are meant for it too.
 */
export function controllersOf(object: Readonly<Record<string, unknown>>): Controller[] {
  const metadata = recordOf(object['metadata']);
  const references: unknown[] = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  const hash = recordOf(metadata['labels'])['pod-template-hash'];
  return references.map(recordOf).flatMap(({ controller, kind, name }): Controller[] => {
    if (controller !== true || typeof kind !== 'string' || typeof name !== 'string') return [];
    const own = { kind, name };
    if (kind === 'ReplicaSet' && typeof hash === 'string' && name.endsWith(`-${hash}`)) {
      return [own, { kind: 'Deployment', name: name.slice(0, -hash.length - 1) }];
    }
    return kind === 'Job' && DUE.test(name) ? [own, { kind: 'CronJob', name: name.replace(DUE, '') }] : [own];
  });
}
