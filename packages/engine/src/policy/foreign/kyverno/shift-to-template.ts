/** Where a kind of workload keeps the template of its pods. */
export const TEMPLATES = { workloads: 'spec.template', cronJobs: 'spec.jobTemplate.spec.template' } as const;
export type TemplateOf = keyof typeof TEMPLATES;

/** Kinds of workloads whose pods Kyverno's rules on pods are carried over to, by the API's names for them. */
export const POD_CONTROLLERS: Readonly<Record<string, { kind: string; group: string; template: TemplateOf }>> = {
  daemonsets: { kind: 'DaemonSet', group: 'apps', template: 'workloads' },
  deployments: { kind: 'Deployment', group: 'apps', template: 'workloads' },
  jobs: { kind: 'Job', group: 'batch', template: 'workloads' },
  statefulsets: { kind: 'StatefulSet', group: 'apps', template: 'workloads' },
  replicasets: { kind: 'ReplicaSet', group: 'apps', template: 'workloads' },
  replicationcontrollers: { kind: 'ReplicationController', group: '', template: 'workloads' },
  cronjobs: { kind: 'CronJob', group: 'batch', template: 'cronJobs' },
};

const REFERENCE = /\b(object|oldObject)\.(spec|metadata)(?!\.(?:name|namespace)\b)/g;

/**
 * An expression about a pod as one about the template of a workload. The workload's own name and namespace stay, since
 * templates have none.
 */
export const shiftExpression = (expression: string, template: TemplateOf): string =>
  expression.replaceAll(REFERENCE, (_, root: string, part: string) => `${root}.${TEMPLATES[template]}.${part}`);

/** Every text of a value, shifted. */
export function shiftTexts<T>(value: T, shift: (text: string) => string): T {
  if (typeof value === 'string') return shift(value) as T;
  if (Array.isArray(value)) return value.map((item) => shiftTexts(item, shift)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shiftTexts(item, shift)])) as T;
}
