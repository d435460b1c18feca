/** What tells a workload from every other. */
export interface WorkloadIdentity {
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
}

/** `cluster/namespace/Kind/name`: the id of a workload, stable across scans and releases. */
export function workloadId({ cluster, namespace, kind, name }: WorkloadIdentity): string {
  return `${cluster}/${namespace}/${kind}/${name}`;
}

/** What tells a finding from every other: it opens once, is followed and closes by itself under this key. */
export interface FindingIdentity {
  /** Workload id or image id. */
  subject: string;
  /** Policy name or vulnerability id. */
  rule: string;
  /** Component purl without version, container name, or path; empty for the subject as a whole. */
  detail: string;
}

/** The finding's key inside a tenant: parts joined by `|`, each escaped so that no two identities collide. */
export function findingKey({ subject, rule, detail }: FindingIdentity): string {
  return [subject, rule, detail].map((part) => part.replaceAll('%', '%25').replaceAll('|', '%7C')).join('|');
}
