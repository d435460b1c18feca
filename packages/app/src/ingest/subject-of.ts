import { type RuntimeEvent, subjectOfWorkload } from '@breakwater/model';

/** What Kubernetes writes random parts of names with: no vowels, and nothing that reads as one. */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]';
const OF_DEPLOYMENT = new RegExp(`^(.+)-${RANDOM}{3,10}-${RANDOM}{5}$`);
const OF_REPLICA_SET = new RegExp(`^(.+)-${RANDOM}{6,10}$`);
const OF_SET = new RegExp(`^(.+)-${RANDOM}{5}$`);
const NUMBERED = /^(.+)-\d{1,6}$/;
const OF_CRON_JOB = /^(.+)-\d{8,11}$/;

/** Bytes of a subject, and of a container's name: more than there are anywhere, and as many as an index holds. */
const LONGEST_SUBJECT = 1_024;
const LONGEST_CONTAINER = 512;
const LONGEST_CLUSTER = 512;

/**
 * Whose behaviour an event shows: `subjectOfWorkload` of the workload, else the image, else the container; undefined
 * for events outside of containers. Sources that see a pod and not its owner tell it by its labels, or by how its
 * controller named it: replicas are of one workload, and learned together.
 */
export function subjectOf({ pod, container }: RuntimeEvent): string | undefined {
  if (pod !== undefined) return subjectOfPod(pod);
  const name = container?.image ?? container?.imageDigest ?? container?.name ?? container?.id;
  return name && cutTo(name, LONGEST_SUBJECT);
}

/** Name of an event's container; empty where it has none. */
export const containerNameOf = ({ container }: RuntimeEvent): string => cutTo(container?.name ?? '', LONGEST_CONTAINER);

type Pod = NonNullable<RuntimeEvent['pod']>;

/** `subjectOf`, of a pod. */
export function subjectOfPod(pod: Pod): string {
  const [kind, name] = ownerOf(pod);
  const cluster = cutTo(pod.cluster ?? '', LONGEST_CLUSTER);
  return cutTo(subjectOfWorkload({ cluster, namespace: pod.namespace, kind, name }), LONGEST_SUBJECT);
}

/** A longer name is of nothing that runs: whoever makes it up gets its beginning. A character has three bytes at most. */
function cutTo(name: string, most: number): string {
  if (name.length * 3 <= most || Buffer.byteLength(name) <= most) return name;
  return name.slice(0, Math.floor(most / 3));
}

function ownerOf({ name, workload, workloadKind, labels }: Pod): [kind: string, name: string] {
  if (workload !== undefined) {
    const deployment = workloadKind === 'ReplicaSet' ? OF_REPLICA_SET.exec(workload)?.[1] : undefined;
    if (deployment !== undefined) return ['Deployment', deployment];
    return [workloadKind ?? kindByName(name, workload), workload];
  }
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

/** By how its pods are named, where a source tells the workload and not what it is. */
function kindByName(pod: string, workload: string): string {
  if (pod === workload) return 'Pod';
  if (NUMBERED.exec(pod)?.[1] === workload) return 'StatefulSet';
  return OF_SET.exec(pod)?.[1] === workload ? 'DaemonSet' : 'Deployment';
}
