import type { BehaviourProfile, JsonObject } from '@breakwater/model';
import { quote } from './cel/literal.ts';
import type { Confinement, ConfineOptions } from './compile-target.ts';
import { type ContainerLimits, containerOf, judgeByLimits, limitsOf } from './profile/container-limits.ts';
import { subjectOf } from './profile/subject.ts';

const API_VERSION = 'admissionregistration.k8s.io/v1';
const GROUPS: Readonly<Record<string, { group: string; resource: string; path: string }>> = {
  Deployment: { group: 'apps', resource: 'deployments', path: 'object.spec.template.spec' },
  StatefulSet: { group: 'apps', resource: 'statefulsets', path: 'object.spec.template.spec' },
  DaemonSet: { group: 'apps', resource: 'daemonsets', path: 'object.spec.template.spec' },
  ReplicaSet: { group: 'apps', resource: 'replicasets', path: 'object.spec.template.spec' },
  Job: { group: 'batch', resource: 'jobs', path: 'object.spec.template.spec' },
  CronJob: { group: 'batch', resource: 'cronjobs', path: 'object.spec.jobTemplate.spec.template.spec' },
};

/**
 * A ValidatingAdmissionPolicy that keeps a workload's manifest from asking for more than its profile needs: whoever
 * changes it later cannot take the limits away.
 */
export function confineByAdmission(profile: BehaviourProfile, options: ConfineOptions): Confinement {
  const { limits, gaps } = limitsOf(profile, options);
  const subject = subjectOf(profile, options);
  const container = containerOf(profile, options.workload)?.name ?? profile.container;
  const target = GROUPS[subject.kind];
  gaps.push(
    { message: 'It judges the manifest when it is admitted: of what runs already it says nothing.' },
    { dimension: 'exec', message: 'It cannot say which programs may start.' },
    { dimension: 'connect', message: 'Connections are for a NetworkPolicy (target network-policy).' },
  );
  if (target === undefined)
    gaps.push({ message: `'${profile.subject}' is no workload with a template of pods: give its manifest.` });
  if (container === undefined)
    gaps.push({ message: 'Which container it is of is not known: give the manifest of its workload.' });
  const validations =
    container === undefined || target === undefined ? [] : validationsOf(limits, container, target.path);
  const isWritten = target !== undefined && validations.length > 0;
  const name = `breakwater-profile-${subject.namespace}-${subject.name}`.slice(0, 253);
  return {
    subject: profile.subject,
    objects: isWritten
      ? [policyOf(name, target, subject, container ?? '', validations), bindingOf(name, subject.namespace, options)]
      : [],
    edits: [],
    gaps,
    judge: (behaviour) => judgeByLimits(behaviour, limits, profile, options),
  };
}

function validationsOf(limits: ContainerLimits, container: string, path: string): JsonObject[] {
  const rule = (expression: string, message: string): JsonObject => ({
    expression: `variables.contexts.all(s, ${expression})`,
    message: `container ${container}: ${message}, as its profile does not need more`,
  });
  const { capabilities } = limits;
  const otherwise = (field: 'runAsNonRoot' | 'readOnlyRootFilesystem' | 'allowPrivilegeEscalation'): string =>
    field === 'runAsNonRoot' ? `${path}.?securityContext.?runAsNonRoot.orValue(false)` : String(!limits[field]);
  const flags = (['runAsNonRoot', 'readOnlyRootFilesystem', 'allowPrivilegeEscalation'] as const).flatMap((field) =>
    limits[field] === undefined
      ? []
      : [rule(`s.?${field}.orValue(${otherwise(field)}) == ${limits[field]}`, `${field} has to be ${limits[field]}`)],
  );
  const list = (capabilities ?? []).map(quote).join(', ');
  return [
    rule('!s.?privileged.orValue(false)', 'it may not be privileged'),
    ...flags,
    ...(capabilities === undefined
      ? []
      : [
          rule(
            "s.?capabilities.?drop.orValue([]).exists(name, name.upperAscii() == 'ALL')",
            'it has to drop ALL capabilities',
          ),
          rule(
            `s.?capabilities.?add.orValue([]).all(name, name in [${list}])`,
            `it may add ${capabilities.length === 0 ? 'no capability' : `only ${capabilities.join(', ')}`}`,
          ),
        ]),
  ];
}

function policyOf(
  name: string,
  { group, resource, path }: { group: string; resource: string; path: string },
  { workload }: { workload: string },
  container: string,
  validations: JsonObject[],
): JsonObject {
  return {
    apiVersion: API_VERSION,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'breakwater' } },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: [resource] },
        ],
      },
      matchConditions: [
        { name: 'workload', expression: `object.metadata.name == ${quote(workload)}` },
        {
          name: 'not-being-deleted',
          expression: "request.operation != 'UPDATE' || !has(object.metadata.deletionTimestamp)",
        },
      ],
      variables: [
        {
          name: 'contexts',
          expression: `${path}.containers.filter(c, c.name == ${quote(container)}).map(c, c.?securityContext.orValue({}))`,
        },
      ],
      validations,
    },
  };
}

function bindingOf(name: string, namespace: string, { step }: ConfineOptions): JsonObject {
  return {
    apiVersion: API_VERSION,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'breakwater' } },
    spec: {
      policyName: name,
      validationActions: step === 'block' ? ['Deny', 'Audit'] : ['Warn', 'Audit'],
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
    },
  };
}
