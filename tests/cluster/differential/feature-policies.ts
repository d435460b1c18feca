import { type CompiledPolicy, loadPolicies } from '@breakwater/engine/policy';
import { Exception, Policy } from '@breakwater/model';

type Spec = Record<string, unknown>;

function policy(name: string, spec: Spec): Policy {
  return Policy.parse({
    apiVersion: 'breakwater/v1',
    kind: 'Policy',
    metadata: { name },
    spec: {
      title: `Title of ${name}`,
      why: 'It is tested.',
      fix: 'None.',
      severity: 'low',
      phases: ['deploy'],
      ...spec,
    },
  });
}

const whole = (expr: string): Spec[] => [{ expr, message: "'all of it'" }];
const each = (expr: string): Spec[] => [{ each: 'containers', expr, message: "c.role + ' ' + c.name" }];

/** Policies that together use every part of the language, so that none is compiled wrongly because ours do without it. */
const POLICIES: readonly Policy[] = [
  policy('feature-included-namespace', { match: { namespaces: { include: ['alpha'] } }, forbid: each('true') }),
  policy('feature-excluded-namespaces', {
    match: { namespaces: { exclude: ['al*', 'default'] } },
    forbid: each('true'),
  }),
  policy('feature-namespace-of-anything', {
    match: { kinds: ['ClusterRole', 'Role', 'Service'], namespaces: { include: ['alpha', 'be*'] } },
    forbid: whole('true'),
  }),
  policy('feature-not-in-namespace', {
    match: { kinds: ['ClusterRole', 'Role', 'Namespace'], namespaces: { exclude: ['alpha'] } },
    forbid: whole('true'),
  }),
  policy('feature-namespace-labels', {
    match: { namespaceSelector: { matchExpressions: [{ key: 'stage', operator: 'In', values: ['live'] }] } },
    forbid: whole('workload.name != ""'),
  }),
  policy('feature-labels', { match: { labels: { team: 'a' } }, forbid: whole("workload.kind != ''") }),
  policy('feature-kinds-without-pods', {
    match: { kinds: ['Deployment', 'Service'] },
    forbid: whole('workload.hostPID'),
  }),
  policy('feature-condition', {
    match: {
      conditions: [
        { name: 'not a job', expr: "object.kind != 'Job'" },
        { name: 'live', expr: "namespaceObject.metadata.name != 'beta'" },
      ],
    },
    forbid: whole('workload.hostNetwork'),
  }),
  policy('feature-condition-on-containers', {
    match: { conditions: [{ name: 'nginx', expr: "containers.exists(k, k.image.startsWith('nginx'))" }] },
    require: each("c.image.startsWith('nginx')"),
  }),
  policy('feature-params', {
    params: {
      registries: ['registry.example', 'ghcr.io'],
      limits: { containers: 2, ratio: 1.5, strict: true },
      mixed: [1, 'a', null],
    },
    variables: [
      { name: 'pod', expression: 'workload.pod' },
      {
        name: 'foreign',
        expression: "containers.filter(k, !params.registries.exists(r, k.image.startsWith(r + '/'))).map(k, k.name)",
      },
    ],
    require: [
      {
        expr: "size(variables.foreign) == 0 || 'a' in params.mixed && false",
        message: "'foreign: ' + variables.foreign.join(', ')",
      },
      {
        expr: 'params.limits.strict ? size(variables.pod.containers) < params.limits.containers : true',
        message: "'too many'",
      },
    ],
  }),
  policy('feature-typeless-condition', { require: whole('workload.automountToken') }),
  policy('feature-typeless-forbidden', { forbid: whole('!workload.automountToken') }),
  policy('feature-typeless-message', { forbid: [{ expr: 'workload.hostIPC', message: 'workload.namespace' }] }),
  policy('feature-message-fails', { forbid: [{ expr: 'workload.hostPID', message: 'workload.pod.nothing.here' }] }),
  policy('feature-not-a-condition', { require: each('c.name') }),
  policy('feature-sometimes-an-error', { require: each('c.spec.resources.limits.memory == "64Mi" || c.privileged') }),
  policy('feature-absorbed-error', { forbid: whole('containers.exists(k, k.spec.securityContext.privileged)') }),
  policy('feature-whole-container', {
    require: whole("containers.map(k, size(k)).all(n, n > 3) && containers[0].role == 'main'"),
  }),
  policy('feature-roles', { forbid: each("c.role == 'init'") }),
  policy('feature-numbers', {
    forbid: each('c.runAsUser != null && c.runAsUser % 2 == 1 || c.hostPorts.exists(p, p > 100.5)'),
  }),
  policy('feature-quantities', {
    require: each("!('memory' in c.limits) || quantity(c.limits.memory).isGreaterThan(quantity('100M'))"),
  }),
  policy('feature-optionals', {
    require: whole(
      "object.metadata.?labels.?team.orValue('none') != 'none' && workload.pod.?os.?name.orValue('') == ''",
    ),
  }),
  policy('feature-strings', {
    forbid: each(
      "c.environment.exists(e, has(e.value) && (e.value.contains('%') || e.value.find('[0-9]+') != '' || e.name.lowerAscii().split('_').size() > 2))",
    ),
  }),
  policy('feature-lists', {
    match: { kinds: ['Role', 'ClusterRole'] },
    forbid: [
      {
        each: 'object.rules',
        expr: "'*' in item.verbs",
        message: "'rule ' + string(key) + ' ' + item.verbs.join(',')",
      },
    ],
  }),
  policy('feature-maps', {
    forbid: [
      {
        each: 'workload.podAnnotations',
        expr: "key.contains('/') && item != 'runtime/default'",
        message: "key + ' is ' + item",
      },
    ],
  }),
  policy('feature-request', {
    forbid: whole(
      "request.operation == 'CREATE' && request.userInfo.username == 'admin' && request.?name.orValue('') != ''",
    ),
  }),
  policy('feature-old-object', { forbid: whole('oldObject != null') }),
  policy('feature-bound-name', {
    forbid: whole("['a'].exists(containers, containers == 'b') || containers.exists(variables, variables.privileged)"),
  }),
  policy('feature-everything', {
    match: { apiGroups: ['networking.k8s.io', ''] },
    forbid: whole("object.metadata.name.endsWith('7')"),
  }),
  policy('feature-excepted', { forbid: each('true') }),
  policy('feature-excepted-makers', { forbid: each('true') }),
  policy('feature-excepted-images', {
    forbid: [...each('c.allowPrivilegeEscalation'), ...whole('workload.automountToken')],
  }),
];

function exception(name: string, policies: string[], scope: Spec): Exception {
  return Exception.parse({
    apiVersion: 'breakwater/v1',
    kind: 'Exception',
    metadata: { name },
    spec: { policies, scope, owner: 'team', reason: 'It is tested.', compensating: 'None.', expires: '2099-12-31' },
  });
}

/** Exceptions with every scope that a request can be held against. */
export const FEATURE_EXCEPTIONS: readonly Exception[] = [
  exception('namespace', ['feature-excepted'], { namespaces: ['alp*'] }),
  exception('labels', ['feature-excepted'], { labels: { team: 'a' } }),
  exception('names', ['feature-excepted'], { workloads: ['differential-1*'], namespaces: ['default'] }),
  exception('makers', ['feature-excepted-makers'], { workloads: ['made', 'x*'] }),
  exception('actor', ['feature-excepted'], { actors: ['nobody'] }),
  exception('images', ['feature-excepted-images'], { images: ['nginx*', 'ghcr.io/Org/App:v1.2.3'] }),
  exception('images-there', ['feature-excepted-images'], {
    images: ['registry.example:5000/*'],
    namespaces: ['alpha'],
  }),
];

/** Those policies, ready to judge. */
export const featurePolicies = (): CompiledPolicy[] => load(POLICIES);

/** Refuses one ConfigMap, so that it shows when policies are in force. */
export const canaryPolicy = (): CompiledPolicy[] =>
  load([
    policy('feature-canary', {
      match: { kinds: ['ConfigMap'] },
      forbid: whole("object.metadata.name == 'canary'"),
      enforcement: { deploy: 'block' },
    }),
  ]);

function load(written: readonly Policy[]): CompiledPolicy[] {
  const { policies, unknowns } = loadPolicies(
    written.map((document) => ({ policy: document, place: { source: document.metadata.name } })),
  );
  if (unknowns.length > 0) throw new Error(unknowns.map(({ message }) => message).join('\n'));
  return policies;
}
