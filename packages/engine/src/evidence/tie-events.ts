import type { RuntimeEvent, Workload } from '@breakwater/model';
import { imageKey } from '../inventory/index.ts';

type Pod = NonNullable<RuntimeEvent['pod']>;

/** Which workload an event belongs to, and what says so; or why that cannot be told. */
export type WorkloadTie =
  | { workload: string; by: 'owner' | 'pod-name' | 'labels' | 'image' }
  | { workload?: undefined; candidates: string[]; reason: string };

/** Names of pods, by kind of owner: what controllers append to the owner's name. */
const POD_SUFFIX: Readonly<Record<string, RegExp>> = {
  Deployment: /^-[a-z0-9]{1,10}-[a-z0-9]{5}$/,
  Rollout: /^-[a-z0-9]{1,10}-[a-z0-9]{5}$/,
  DeploymentConfig: /^-\d+-[a-z0-9]{5}$/,
  StatefulSet: /^-\d+$/,
  DaemonSet: /^-[a-z0-9]{5}$/,
  ReplicaSet: /^-[a-z0-9]{5}$/,
  ReplicationController: /^-[a-z0-9]{5}$/,
  Job: /^(?:-\d+)?-[a-z0-9]{5}$/,
  CronJob: /^-\d+(?:-\d+)?-[a-z0-9]{5}$/,
  Pod: /^$/,
};
const REPLICA_SET_HASH = /-[a-z0-9]{6,10}$/;
const MOST_CACHED = 100_000;

/**
 * Prepares the search for the workload of an event: by the owner that the source names, else by the pod's name, its
 * labels, or the only workload of that image. Where several fit it says which, and ties to none.
 */
export function tieEvents(workloads: readonly Workload[]): (event: RuntimeEvent) => WorkloadTie {
  const byNamespace = Map.groupBy(workloads, ({ namespace }) => namespace);
  const byImage = new Map<string, Workload[]>();
  for (const workload of workloads) indexImages(byImage, workload);
  const cache = new Map<string, WorkloadTie>();
  return (event) => {
    const { pod, container } = event;
    const key = [pod?.cluster, pod?.namespace, pod?.name, pod?.workload, pod?.workloadKind, container?.image].join(
      '\n',
    );
    const known = cache.get(key);
    if (known) return known;
    const tie = pod
      ? tiePod(pod, inCluster(byNamespace.get(pod.namespace) ?? [], pod.cluster), imageUsers(byImage, event))
      : tieImage(imageUsers(byImage, event));
    if (cache.size < MOST_CACHED) cache.set(key, tie);
    return tie;
  };
}

function tiePod(pod: Pod, workloads: readonly Workload[], users: readonly Workload[]): WorkloadTie {
  if (workloads.length === 0) return none([], `no workload is known in namespace ${pod.namespace}`);
  const owned = pod.workload === undefined ? [] : workloads.filter((workload) => isOwner(workload, pod));
  if (owned.length > 0) return only(owned, 'owner', pod);
  const named = longestNames(workloads.filter((workload) => isPodOf(workload, pod.name)));
  if (named.length > 0) return only(named, 'pod-name', pod);
  const labelled = mostLabels(workloads.filter((workload) => isLabelled(workload, pod)));
  if (labelled.length > 0) return only(labelled, 'labels', pod);
  const running = users.filter((user) => workloads.includes(user));
  if (running.length > 0) return only(running, 'image', pod);
  return none([], `no workload fits pod ${pod.namespace}/${pod.name}`);
}

function tieImage(users: readonly Workload[]): WorkloadTie {
  const [user, ...others] = users;
  if (!user) return none([], 'the event names no pod, and no workload runs its image');
  if (others.length === 0) return { workload: user.id, by: 'image' };
  return none(users, 'the event names no pod, and several workloads run its image');
}

function only(found: readonly Workload[], by: 'owner' | 'pod-name' | 'labels' | 'image', pod: Pod): WorkloadTie {
  const [first] = found;
  if (first && found.length === 1) return { workload: first.id, by };
  return none(found, `${found.length} workloads fit pod ${pod.namespace}/${pod.name}`);
}

function none(candidates: readonly Workload[], reason: string): WorkloadTie {
  return { candidates: candidates.map(({ id }) => id), reason };
}

/** Workloads read from files have no cluster of their own and may run in any. */
function inCluster(workloads: readonly Workload[], cluster: string | undefined): readonly Workload[] {
  if (cluster === undefined) return workloads;
  const exact = workloads.filter((workload) => workload.cluster === cluster);
  return exact.length > 0 ? exact : workloads.filter((workload) => workload.cluster === 'default');
}

function isOwner({ kind, name }: Workload, { workload, workloadKind }: Pod): boolean {
  if (workload === name) return workloadKind === undefined || workloadKind === kind;
  const isReplicaSet = workloadKind === undefined || workloadKind === 'ReplicaSet';
  return isReplicaSet && kind === 'Deployment' && workload?.replace(REPLICA_SET_HASH, '') === name;
}

function isPodOf({ kind, name }: Workload, podName: string): boolean {
  return podName.startsWith(name) && (POD_SUFFIX[kind]?.test(podName.slice(name.length)) ?? false);
}

function longestNames(workloads: readonly Workload[]): Workload[] {
  const longest = Math.max(0, ...workloads.map(({ name }) => name.length));
  return workloads.filter(({ name }) => name.length === longest);
}

function isLabelled({ podLabels }: Workload, { labels }: Pod): boolean {
  const wanted = Object.entries(podLabels);
  return wanted.length > 0 && wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function mostLabels(workloads: readonly Workload[]): Workload[] {
  const counts = workloads.map(({ podLabels }) => Object.keys(podLabels).length);
  const most = Math.max(0, ...counts);
  return workloads.filter((_, index) => counts[index] === most);
}

function indexImages(byImage: Map<string, Workload[]>, workload: Workload): void {
  for (const key of new Set(workload.containers.map(({ image }) => imageKey(image)))) {
    if (key === undefined) continue;
    const users = byImage.get(key);
    if (users) users.push(workload);
    else byImage.set(key, [workload]);
  }
}

function imageUsers(byImage: ReadonlyMap<string, Workload[]>, { container }: RuntimeEvent): readonly Workload[] {
  return byImage.get(imageKey(container?.image ?? '') ?? '') ?? [];
}
