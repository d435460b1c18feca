import type { RuntimeEvent } from '@breakwater/model';

/** What Kubernetes writes random parts of names with: no vowels, and nothing that reads as one. */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]';
const OF_DEPLOYMENT = new RegExp(`^(.+)-${RANDOM}{3,10}-${RANDOM}{5}$`);
const OF_SET = new RegExp(`^(.+)-${RANDOM}{5}$`);
const NUMBERED = /^(.+)-\d{1,6}$/;
const OF_CRON_JOB = /^(.+)-\d{8,11}$/;

/**
 * Whose behaviour an event shows: `namespace/Kind/name` of the workload, else the image, else the container; undefined
 * for events outside of containers. Sources that see a pod and not its owner tell it by its labels, or by how its
 * controller named it: replicas are of one workload, and learned together.
 */
export function subjectOf({ pod, container }: RuntimeEvent): string | undefined {
  if (pod !== undefined) return subjectOfPod(pod);
  return container?.image ?? container?.imageDigest ?? container?.name ?? container?.id;
}

type Pod = NonNullable<RuntimeEvent['pod']>;

/** `subjectOf`, of a pod. */
export function subjectOfPod(pod: Pod): string {
  const [kind, name] = ownerOf(pod);
  return `${pod.namespace}/${kind}/${name}`;
}

function ownerOf({ name, workload, workloadKind, labels }: Pod): [kind: string, name: string] {
  if (workload !== undefined) return [workloadKind ?? 'Pod', workload];
  const job = labels['batch.kubernetes.io/job-name'] ?? labels['job-name'];
  if (job !== undefined) {
    const cron = OF_CRON_JOB.exec(job)?.[1];
    return cron === undefined ? ['Job', job] : ['CronJob', cron];
  }
  if (labels['statefulset.kubernetes.io/pod-name'] !== undefined)
    return ['StatefulSet', NUMBERED.exec(name)?.[1] ?? name];
  if (labels['pod-template-generation'] !== undefined) return ['DaemonSet', OF_SET.exec(name)?.[1] ?? name];
  const deployment = OF_DEPLOYMENT.exec(name)?.[1];
  return deployment === undefined ? ['Pod', name] : ['Deployment', deployment];
}
