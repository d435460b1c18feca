import type { JsonObject } from '@breakwater/model';

const ALL = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] };
const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] };
const APPS = {
  apiGroups: ['apps'],
  apiVersions: ['v1'],
  operations: ['CREATE'],
  resources: ['deployments', 'statefulsets'],
};
const NO = [{ expression: 'false', message: 'says no' }];
const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap' };

interface Example {
  name: string;
  /** Of the policy. */
  spec: JsonObject;
  /** Of its binding. */
  binding?: JsonObject;
}

const matching = (name: string, matchConstraints: JsonObject): Example => ({
  name,
  spec: { matchConstraints: { resourceRules: [ALL], ...matchConstraints }, validations: NO },
});
const saying = (name: string, spec: JsonObject, binding: JsonObject = {}): Example => ({
  name,
  spec: { matchConstraints: { resourceRules: [ALL] }, ...spec },
  binding,
});
const condition = (expression: string): JsonObject => ({
  matchConditions: [{ name: 'a', expression }],
  validations: NO,
});
const podSpec =
  "object.kind == 'Pod' ? object.spec : object.kind == 'CronJob' ? object.spec.jobTemplate.spec.template.spec : object.kind == 'PodTemplate' ? object.template.spec : object.spec.template.spec";

/** ValidatingAdmissionPolicies that together use every part of the language. */
const EXAMPLES: readonly Example[] = [
  matching('pods', { resourceRules: [PODS] }),
  matching('apps', { resourceRules: [APPS, { ...PODS, resources: ['*/*'] }] }),
  matching('older-version', { resourceRules: [{ ...APPS, apiVersions: ['v1beta1', 'v1'] }] }),
  matching('cluster-scoped', { resourceRules: [{ ...ALL, scope: 'Cluster' }] }),
  matching('excluded', { excludeResourceRules: [PODS, { ...ALL, apiGroups: ['batch'] }] }),
  matching('labels', { objectSelector: { matchLabels: { team: 'a' } } }),
  matching('no-label', { objectSelector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] } }),
  matching('other-label', {
    objectSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] },
  }),
  matching('namespace', { namespaceSelector: { matchLabels: { stage: 'live' } } }),
  matching('other-namespace', {
    namespaceSelector: { matchExpressions: [{ key: 'stage', operator: 'NotIn', values: ['live'] }] },
  }),
  matching('namespace-name', { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'beta' } } }),
  matching('exact', { matchPolicy: 'Exact', resourceRules: [APPS] }),
  saying('condition', condition("object.kind == 'Pod' && request.operation == 'CREATE' && oldObject == null")),
  saying('condition-fails', condition('object.spec.missing.field == 1')),
  saying('condition-ignored', { failurePolicy: 'Ignore', ...condition('object.spec.missing.field == 1') }),
  saying('namespace-object', {
    validations: [
      {
        expression: "!has(namespaceObject.metadata.labels.stage) || namespaceObject.metadata.labels.stage != 'test'",
        message: 'says test',
      },
    ],
  }),
  saying('variables', {
    variables: [
      { name: 'spec', expression: podSpec },
      { name: 'images', expression: 'variables.spec.containers.map(c, c.image)' },
      { name: 'never', expression: 'object.spec.missing' },
    ],
    validations: [
      {
        expression: "variables.images.all(i, i.startsWith('registry.'))",
        messageExpression: "'says ' + variables.images.join(',')",
      },
      {
        expression: 'variables.spec.?securityContext.?runAsNonRoot.orValue(false) == true',
        messageExpression: 'string(object.spec.missing)',
        message: 'says root',
      },
      { expression: '!variables.spec.?hostNetwork.orValue(false)', message: 'says host' },
      { expression: "object.kind != 'Job' || variables.never == 1", message: 'says never' },
    ],
  }),
  saying('ignored', {
    failurePolicy: 'Ignore',
    validations: [{ expression: 'object.spec.missing == 1', message: 'says never' }, ...NO],
  }),
  saying('dynamic', {
    validations: [
      { expression: 'object.metadata.?annotations.orValue({}).size() == 0', message: 'says annotated' },
      { expression: "object.metadata.labels['team'] == 'a'", message: 'says team' },
    ],
  }),
  saying('request', {
    validations: [
      {
        expression:
          "request.kind.kind == object.kind && request.namespace == object.metadata.namespace && request.userInfo.groups.exists(g, g == 'system:masters')",
        message: 'says request',
      },
    ],
  }),
  saying('annotated', { auditAnnotations: [{ key: 'k', valueExpression: 'string(object.kind)' }], validations: NO }),
  saying('bound-to-pods', { validations: NO }, { matchResources: { resourceRules: [PODS] } }),
  saying(
    'bound-to-labels',
    { validations: NO },
    { matchResources: { namespaceSelector: { matchLabels: { stage: 'live' } } } },
  ),
  saying(
    'parameter',
    {
      paramKind: CONFIG,
      validations: [{ expression: 'params.data.stage == "x"', messageExpression: "'says ' + params.data.stage" }],
    },
    { paramRef: { name: 'one', namespace: 'default', parameterNotFoundAction: 'Deny' } },
  ),
  saying(
    'parameter-of-namespace',
    {
      paramKind: CONFIG,
      validations: [{ expression: 'params.data.stage == "x"', messageExpression: "'says ' + params.data.stage" }],
    },
    { paramRef: { name: 'own', parameterNotFoundAction: 'Allow' } },
  ),
  saying(
    'parameters',
    {
      paramKind: CONFIG,
      validations: [{ expression: 'params.data.stage == "x"', messageExpression: "'says ' + params.data.stage" }],
    },
    { paramRef: { namespace: 'default', selector: { matchLabels: { set: 'a' } }, parameterNotFoundAction: 'Deny' } },
  ),
];

const config = (name: string, namespace: string, stage: string, labels: JsonObject = {}): JsonObject => ({
  ...CONFIG,
  metadata: { name, namespace, labels },
  data: { stage },
});

/** Parameters of the examples. */
export const PARAMETERS: readonly JsonObject[] = [
  config('one', 'default', 'first', { set: 'a' }),
  config('two', 'default', 'second', { set: 'a' }),
  ...['default', 'alpha', 'beta'].map((namespace) => config('own', namespace, `own ${namespace}`)),
];

/** Each example with its binding, which warns: a request then tells everything that they say. */
export function exampleDocuments(): { policy: JsonObject; binding: JsonObject }[] {
  return EXAMPLES.map(({ name, spec, binding = {} }) => ({
    policy: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec,
    },
    binding: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Warn'], ...binding },
    },
  }));
}
