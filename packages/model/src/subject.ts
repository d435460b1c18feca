import type { WorkloadIdentity } from './ids.ts';

/** A workload as those name it who see it run; `cluster` is absent where nobody names one. */
export interface SubjectWorkload {
  cluster?: string;
  namespace: string;
  kind: string;
  name: string;
}

/** What manifests are said to be of, and sources call a cluster that nobody named. */
const UNNAMED = 'default';
const WORKLOAD = /^(?:(.+)\/)?([^/]+)\/([A-Z][A-Za-z0-9]*)\/([^/]+)$/s;

/**
 * Whose behaviour something is: `namespace/Kind/name`, and in a cluster that has a name the workload's id,
 * `cluster/namespace/Kind/name`, so that clusters with the same workload share nothing. The name of a cluster may hold `/`.
 */
export function subjectOfWorkload({ cluster, namespace, kind, name }: SubjectWorkload): string {
  const own = `${namespace}/${kind}/${name}`;
  return isUnnamed(cluster) ? own : `${cluster}/${own}`;
}

/** The workload that a subject names; undefined for an image, or a container. Images have no names with a capital. */
export function workloadOfSubject(subject: string): SubjectWorkload | undefined {
  const [, cluster, namespace, kind, name] = WORKLOAD.exec(subject) ?? [];
  if (namespace === undefined || kind === undefined || name === undefined) return undefined;
  return { ...(cluster !== undefined && { cluster }), namespace, kind, name };
}

/** The same without the cluster: what a workload is called where nobody names one. */
export function subjectWithoutCluster(subject: string): string {
  const workload = workloadOfSubject(subject);
  return workload === undefined ? subject : subjectOfWorkload({ ...workload, cluster: UNNAMED });
}

/** Whether a subject may be this workload: by its whole name, and by its own where one of both names no cluster. */
export function isSubjectOf(subject: string, workload: WorkloadIdentity): boolean {
  const found = workloadOfSubject(subject);
  if (found === undefined || subjectWithoutCluster(subject) !== subjectOfWorkload({ ...workload, cluster: UNNAMED }))
    return false;
  return found.cluster === undefined || isUnnamed(workload.cluster) || found.cluster === workload.cluster;
}

const isUnnamed = (cluster: string | undefined): boolean =>
  cluster === undefined || cluster === '' || cluster === UNNAMED;
