import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { KUBERNETES_CONTROLLERS } from '../policy/index.ts';
import { compilability } from './compilability.ts';
import type { Compilation, CompileOptions } from './compile-target.ts';
import { runAdmissionPolicy } from './testing/run-admission-policy.ts';
import { sampleException, samplePolicy } from './testing/sample-policy.ts';
import { VALIDATING_ADMISSION_POLICY } from './validating-admission-policy.ts';

const TODAY = '2026-11-22';

const compile = (spec: Record<string, unknown>, options: Partial<CompileOptions> = {}): Compilation =>
  VALIDATING_ADMISSION_POLICY.compile(samplePolicy(spec), { today: TODAY, ...options });

const policyOf = ({ objects, gaps }: Compilation): JsonObject => {
  expect(gaps).toEqual([]);
  return objects[0] as JsonObject;
};

const specOf = (compilation: Compilation): JsonObject => policyOf(compilation)['spec'] as JsonObject;

const each = (expr: string, message = 'c.name') => [{ each: 'containers', expr, message }];
const whole = (expr: string, message = "'all of it'") => [{ expr, message }];

const pod = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec,
});

const request = { operation: 'CREATE', namespace: 'shop', userInfo: { username: 'jane' } };

const say = (compilation: Compilation, object: JsonObject, changes: JsonObject = {}): string[] =>
  runAdmissionPolicy(policyOf(compilation), object, { ...request, ...changes });

describe('a compiled policy', () => {
  it('holds the fields that its rules read, and no others', () => {
    const { variables, validations } = specOf(compile({ require: each('!c.privileged', "c.name + ' is privileged'") }));
    expect((variables as JsonObject[]).map(({ name }) => name)).toEqual(['pod', 'containers']);
    const text = JSON.stringify(variables);
    expect([text.includes("'privileged'"), text.includes("'name'"), text.includes("'limits'")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(validations).toEqual([
      {
        expression: 'variables.containers.all(c, !c.privileged)',
        message: 'Sample',
        messageExpression: "variables.containers.filter(c, c.privileged).map(c, c.name + ' is privileged').join('; ')",
      },
    ]);
  });

  it('tells of every container that is at fault, in every list and kind', () => {
    const compiled = compile({ forbid: each('c.privileged', "c.role + ' ' + c.name") });
    const containers = (name: string, privileged: boolean) => [{ name, securityContext: { privileged } }];
    const spec = {
      containers: [...containers('a', true), ...containers('b', false)],
      initContainers: containers('i', true),
    };
    expect(say(compiled, pod(spec))).toEqual(['main a; init i']);
    const cron = { kind: 'CronJob', metadata: {}, spec: { jobTemplate: { spec: { template: { spec } } } } };
    expect(say(compiled, cron)).toEqual(['main a; init i']);
    expect(say(compiled, pod({ containers: containers('b', false) }))).toEqual([]);
  });

  it('never passes what it cannot evaluate', () => {
    const compiled = compile({ require: each("c.spec.resources.limits.memory == '1Gi'") });
    expect(say(compiled, pod({ containers: [{ name: 'a' }] }))[0]).toMatch(/^undecided: /);
    expect(say(compiled, pod({}))[0]).toMatch(/^undecided: /);
  });

  it('goes through lists and maps of the object', () => {
    const rules = compile({
      match: { kinds: ['Role'] },
      forbid: [{ each: 'object.rules', expr: "'*' in item.verbs", message: "'rule ' + string(key)" }],
    });
    expect(say(rules, { kind: 'Role', metadata: {}, rules: [{ verbs: ['get'] }, { verbs: ['*'] }] })).toEqual([
      'rule 1',
    ]);
    const notes = compile({ forbid: [{ each: 'workload.podAnnotations', expr: "item == 'x'", message: 'key' }] });
    expect(say(notes, pod({ containers: [] }, { annotations: { a: 'x', b: 'y' } }))).toEqual(['a']);
  });

  it('carries its variables and parameters, under names of its own', () => {
    const compiled = compile({
      params: { registries: ['registry.example/'], mixed: [1, 'a'] },
      variables: [
        {
          name: 'containers',
          expression: 'containers.map(k, k.image).filter(i, !params.registries.exists(r, i.startsWith(r)))',
        },
      ],
      require: whole('variables.containers.size() == 0', "variables.containers.join(', ')"),
    });
    expect(say(compiled, pod({ containers: [{ image: 'registry.example/a' }, { image: 'other/b' }] }))).toEqual([
      'other/b',
    ]);
  });

  it('compares with names that a macro binds as they are', () => {
    const compiled = compile({ forbid: whole("['a'].exists(containers, containers == workload.name)") });
    expect(say(compiled, pod({ containers: [] }, { name: 'a' }))).toEqual(['all of it']);
  });

  it('looks where the policy does', () => {
    const match = {
      kinds: ['Deployment', 'Pod'],
      namespaces: { include: ['shop', 'team-*'] },
      labels: { team: 'a' },
      conditions: [
        { name: 'plain', expr: "request.userInfo.username != 'root'" },
        { name: 'nginx', expr: "containers.exists(k, k.image == 'nginx')" },
      ],
    };
    const compiled = compile({ match, forbid: whole('true') });
    const { matchConstraints, matchConditions } = specOf(compiled);
    expect(matchConstraints).toMatchObject({
      objectSelector: { matchLabels: { team: 'a' } },
      resourceRules: [
        { apiGroups: ['apps'], resources: ['deployments'], operations: ['CREATE', 'UPDATE'] },
        { apiGroups: [''], resources: ['pods', 'pods/ephemeralcontainers', 'pods/resize'] },
      ],
    });
    expect((matchConditions as JsonObject[]).map(({ name }) => name)).toEqual([
      'included-namespaces',
      'not-being-deleted',
      'condition-1',
    ]);
    const nginx = pod({ containers: [{ name: 'a', image: 'nginx' }] });
    expect(say(compiled, nginx)).toEqual(['all of it']);
    expect(say(compiled, nginx, { namespace: 'team-b' })).toEqual(['all of it']);
    expect(say(compiled, nginx, { namespace: 'other' })).toEqual([]);
    expect(say(compiled, nginx, { userInfo: { username: 'root' } })).toEqual([]);
    expect(say(compiled, pod({ containers: [{ name: 'a', image: 'redis' }] }))).toEqual([]);
  });

  it('selects namespaces by their names where all objects are in one', () => {
    const { matchConstraints } = specOf(
      compile({ match: { namespaces: { exclude: ['ci'] } }, forbid: whole('workload.hostPID') }),
    );
    const label = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['ci'] };
    expect(matchConstraints).toMatchObject({ namespaceSelector: { matchExpressions: [label] } });
    const roles = specOf(
      compile({ match: { kinds: ['ClusterRole', 'Role'], namespaces: { include: ['ci'] } }, forbid: whole('true') }),
    );
    expect(roles['matchConstraints']).not.toHaveProperty('namespaceSelector');
  });

  it('lets go of what is being deleted', () => {
    const compiled = compile({ forbid: whole('workload.hostPID') });
    const spec = { hostPID: true, containers: [] };
    expect(say(compiled, pod(spec), { operation: 'UPDATE' })).toEqual(['all of it']);
    expect(say(compiled, pod(spec, { deletionTimestamp: '2026-11-22T00:00:00Z' }), { operation: 'UPDATE' })).toEqual(
      [],
    );
  });

  it.each([[['DELETE']], [['CREATE', 'UPDATE', 'DELETE']]])('looks at what is deleted: %j', (operations) => {
    const match = { kinds: ['ConfigMap', 'Namespace'], operations, namespaces: { exclude: ['ci', 'team-*'] } };
    const scope = { namespaces: ['shop'], workloads: ['web'], labels: { team: 'a' } };
    const compiled = compile(
      { match, forbid: whole('true') },
      { exceptions: [sampleException(scope)], until: '2027-01-31' },
    );
    const map = (metadata: JsonObject): JsonObject => ({ ...pod({}, metadata), kind: 'ConfigMap' });
    const deletion = { operation: 'DELETE' };
    expect(say(compiled, map({}), deletion)).toEqual(['all of it']);
    expect(say(compiled, map({}), { ...deletion, namespace: 'ci' })).toEqual([]);
    const owned = { ownerReferences: [{ kind: 'Thing', name: 'web', controller: true }] };
    const labels = { team: 'a' };
    expect(say(compiled, map({ labels }), deletion)).toEqual([]);
    expect(say(compiled, map({ labels, name: 'x' }), deletion)).toEqual(['all of it']);
    expect(say(compiled, map({ labels, name: 'x', ...owned }), deletion)).toEqual(['all of it']);
    const username = KUBERNETES_CONTROLLERS[0] as string;
    expect(say(compiled, map({ labels, name: 'x', ...owned }), { ...deletion, userInfo: { username } })).toEqual([]);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci' } };
    expect(say(compiled, namespace, { ...deletion, namespace: 'ci' })).toEqual(['all of it']);
  });

  it.each([
    ['audit', ['Audit']],
    ['warn', ['Warn', 'Audit']],
    ['block', ['Deny', 'Audit']],
    [undefined, ['Audit']],
  ])('is enforced as the ladder says: %s', (deploy, validationActions) => {
    const enforcement = deploy === undefined ? {} : { deploy };
    const { objects } = compile(
      { enforcement, forbid: whole('workload.hostPID') },
      { excludedNamespaces: ['kube-system'] },
    );
    expect(objects[1]).toMatchObject({
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'breakwater-sample', labels: { 'app.kubernetes.io/managed-by': 'breakwater' } },
      spec: {
        policyName: 'breakwater-sample',
        validationActions,
        matchResources: { namespaceSelector: { matchExpressions: [{ operator: 'NotIn', values: ['kube-system'] }] } },
      },
    });
  });

  it('has the rules of the version, and fails closed unless told otherwise', () => {
    const spec = {
      require: [
        { kubernetes: { before: '1.35' }, expr: '!workload.hostPID', message: "'old'" },
        { kubernetes: { from: '1.35' }, expr: '!workload.hostIPC', message: "'new'" },
      ],
    };
    expect(specOf(compile(spec, { kubernetes: 34 }))).toMatchObject({
      failurePolicy: 'Fail',
      validations: [{ messageExpression: "'old'" }],
    });
    expect(specOf(compile(spec, { failurePolicy: 'Ignore' }))).toMatchObject({
      failurePolicy: 'Ignore',
      validations: [{ messageExpression: "'new'" }],
    });
  });
});

describe('exceptions', () => {
  const spec = { forbid: each('c.privileged') };
  const containers = [
    { name: 'a', image: 'trusted/a:1', securityContext: { privileged: true } },
    { name: 'b', image: 'other/b:1', securityContext: { privileged: true } },
  ];

  it('are compiled in where they last until everything is compiled again', () => {
    const exceptions = [sampleException({ namespaces: ['sh*'], labels: { team: 'a' } })];
    const compiled = compile(spec, { exceptions, until: '2027-01-31' });
    expect(compiled.validUntil).toBe('2027-01-31');
    expect(policyOf(compiled)).toMatchObject({ metadata: { annotations: { 'breakwater/valid-until': '2027-01-31' } } });
    expect(say(compiled, pod({ containers }))).toEqual(['a; b']);
    expect(say(compiled, pod({ containers }, { labels: { team: 'a' } }))).toEqual([]);
  });

  it('for images cover only the containers that run them', () => {
    const compiled = compile(spec, { exceptions: [sampleException({ images: ['trusted/*'] })], until: TODAY });
    expect(say(compiled, pod({ containers }))).toEqual(['b']);
    const ofPod = compile(
      { forbid: whole('workload.hostPID') },
      { exceptions: [sampleException({ images: ['trusted/*'] })], until: TODAY },
    );
    expect(say(ofPod, pod({ hostPID: true, containers }))).toEqual(['all of it']);
    expect(say(ofPod, pod({ hostPID: true, containers: containers.slice(0, 1) }))).toEqual([]);
  });

  it('for images cover what rules go through: an item by its own image, others by all of the pod', () => {
    const options = { exceptions: [sampleException({ images: ['trusted/*'] })], until: TODAY };
    const items = compile(
      { match: { kinds: ['Pod'] }, forbid: [{ each: 'object.spec.containers', expr: 'true', message: 'item.name' }] },
      options,
    );
    expect(say(items, pod({ containers }))).toEqual(['b']);
    const notes = compile(
      { forbid: [{ each: 'workload.podAnnotations', expr: "item == 'x'", message: 'key' }] },
      options,
    );
    const annotations = { a: 'x', b: 'y' };
    expect(say(notes, pod({ containers }, { annotations }))).toEqual(['a']);
    expect(say(notes, pod({ containers: containers.slice(0, 1) }, { annotations }))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, Partial<CompileOptions>]>([
    ['without a day', { namespaces: ['shop'] }, {}],
    ['that end before the day', { namespaces: ['shop'] }, { until: '2027-02-01' }],
    ['that name a workload in its cluster', { workloads: ['default/shop/Pod/web'] }, { until: TODAY }],
  ])('%s leave the policy to the webhook', (_, scope, options) => {
    const { objects, gaps } = compile(spec, { exceptions: [sampleException(scope)], ...options });
    expect([objects, gaps.map(({ code }) => code)]).toEqual([[], ['exception']]);
  });

  it('that ended, or are for what no request is about, change nothing', () => {
    const exceptions = [
      sampleException({ namespaces: ['shop'] }, '2026-11-21'),
      sampleException({ vulnerabilities: ['CVE-1'] }),
      sampleException({ processes: ['sh'] }),
    ];
    expect(say(compile(spec, { exceptions }), pod({ containers }))).toEqual(['a; b']);
  });
});

describe('the gap report', () => {
  it.each<[string, string, Record<string, unknown>, Partial<CompileOptions>]>([
    ['a fact that only we know', 'fact', { forbid: whole("exposure.exists(e, e.from == 'internet')") }, {}],
    ['a fact in a message', 'fact', { forbid: whole('workload.hostPID', 'image.reference') }, {}],
    [
      'vulnerabilities',
      'fact',
      { forbid: [{ each: 'vulnerabilities', expr: "v.severity == 'critical'", message: 'v.id' }] },
      {},
    ],
    ['the clock', 'fact', { forbid: whole("now > timestamp('2027-01-01T00:00:00Z') && workload.hostPID") }, {}],
    ['parameters that come from outside', 'fact', { forbid: whole('params.limit > 1 && workload.hostPID') }, {}],
    ['another phase', 'phase', { phases: ['build'], forbid: whole('workload.hostPID') }, {}],
    ['a kind without a resource', 'kind', { match: { kinds: ['Gizmo'] }, forbid: whole('object.spec.on') }, {}],
    [
      'a kind that no such request carries',
      'kind',
      { match: { kinds: ['PodExecOptions'] }, forbid: whole('object.tty') },
      {},
    ],
    ['a function that API servers lack', 'function', { forbid: whole("workload.name.reverse() == 'x'") }, {}],
    ['a name of a macro that they lack', 'function', { forbid: whole('workload.volumes.existsOne(w, true)') }, {}],
    ['a member that is a function there', 'function', { forbid: whole('quantity(workload.name).sign() == 1') }, {}],
    ['a function of a later version', 'function', { forbid: whole('isIP(workload.name)') }, { kubernetes: 30 }],
    [
      'lists over two variables',
      'function',
      { forbid: whole('workload.labels.exists(k, v, k == v)') },
      { kubernetes: 32 },
    ],
    ['a list of different types', 'literal', { forbid: whole("workload.name in ['a', workload.kind]") }, {}],
    ['a version without admission policies', 'version', { forbid: whole('workload.hostPID') }, { kubernetes: 29 }],
  ])('names %s', (_, code, spec, options) => {
    const { objects, gaps } = compile(spec, options);
    expect(objects).toEqual([]);
    expect(gaps.map((gap) => gap.code)).toContain(code);
    for (const { message } of gaps) expect(message).not.toBe('');
    expect(compilability(samplePolicy(spec), { today: TODAY, ...options })).toEqual(gaps);
  });

  it('has nothing to say of what they have', () => {
    const expr = "workload.volumes.exists_one(w, true) && sign(quantity('1')) == 1 && '%s %d'.format(['a', 1]) != ''";
    expect(compile({ forbid: whole(expr) }).gaps).toEqual([]);
  });

  it('has nothing to say of functions once the version after theirs is there', () => {
    expect(compile({ forbid: whole('isIP(workload.name)') }, { kubernetes: 31 }).gaps).toEqual([]);
  });

  it('points at the expression', () => {
    const { gaps } = compile({ require: whole('true'), forbid: whole('image.size > 1 || workload.hostPID') });
    expect(gaps).toMatchObject([{ pointer: ['spec', 'forbid', 0, 'expr'] }]);
  });
});
