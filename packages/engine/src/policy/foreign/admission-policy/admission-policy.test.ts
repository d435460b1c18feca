import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { evaluatePolicies } from '../../evaluate.ts';
import { compile, deployment, inShort, judge, pod } from '../testing/judge-foreign.ts';

const RULE = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] };
const REPLICAS = { expression: 'object.spec.replicas <= 1', message: 'one replica' };

const policy = (spec: JsonObject = {}): JsonObject & { kind: string } => ({
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'replicas' },
  spec: { matchConstraints: { resourceRules: [RULE] }, validations: [REPLICAS], ...spec },
});
const binding = (spec: JsonObject = {}, name = 'everywhere'): JsonObject & { kind: string } => ({
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName: 'replicas', validationActions: ['Deny'], ...spec },
});
const request = (fields: object): object => ({ operation: 'CREATE', ...fields });
const NAMESPACE = { metadata: { name: 'shop', labels: { env: 'prod' } } };

describe('a ValidatingAdmissionPolicy', () => {
  it.each([
    [['Deny'], 'block'],
    [['Deny', 'Audit'], 'block'],
    [['Warn', 'Audit'], 'warn'],
    [['Audit'], 'audit'],
  ])('enforces %j as %s', (validationActions, enforcement) => {
    const [result] = judge([policy(), binding({ validationActions })], deployment());
    expect(result).toMatchObject({ policy: 'replicas', verdict: 'fail', enforcement, message: 'one replica' });
  });

  it('passes under its own name, and gives a result for each validation that is broken', () => {
    const object = deployment({}, { namespace: 'shop' });
    expect(inShort(judge([policy({ validations: [{ expression: 'true' }] }), binding()], object))).toEqual([
      'pass block',
    ]);
    const validations = [REPLICAS, { expression: 'true' }, { expression: 'has(object.spec.paused)' }];
    expect(inShort(judge([policy({ validations }), binding()], object))).toEqual([
      'validations[0] fail block',
      'validations[2] fail block',
    ]);
  });

  it.each<[string, (string | number)[] | undefined]>([
    ['object.spec.replicas <= 1', ['spec', 'replicas']],
    ['has(object.spec.paused) && object.spec.paused', ['spec']],
    ["object.spec.template.spec.containers.all(c, c.image != 'nginx:1')", ['spec', 'template', 'spec', 'containers']],
    ["object.metadata.name != 'd'", undefined],
    ['variables.replicas <= 1', undefined],
  ])('leads to the field that %s names, as far as it is written', (expression, pointer) => {
    const variables = [{ name: 'replicas', expression: 'object.spec.replicas' }];
    const { policies } = compile([policy({ variables, validations: [{ expression }] }), binding()]);
    const subject = { id: 'a', object: deployment(), place: { source: 'd.yaml', document: 0, line: 1 } };
    const [result] = evaluatePolicies(policies, subject, 'deploy', [], '2026-01-01T00:00:00Z');
    expect(result).toMatchObject({ verdict: 'fail' });
    expect(result?.place).toEqual({ ...subject.place, ...(pointer && { pointer }) });
  });

  it('is judged without a binding, enforces nothing, and says so; a binding alone is named', () => {
    expect(inShort(judge([policy()], deployment()))).toEqual(['fail audit']);
    expect(compile([policy()]).unknowns).toMatchObject([{ code: 'policy-unbound', subject: 'replicas' }]);
    expect(compile([binding()]).unknowns).toMatchObject([
      { code: 'policy-missing', place: { pointer: ['spec', 'policyName'] } },
    ]);
  });

  it('tells bindings apart', () => {
    const documents = [policy(), binding({}, 'strict'), binding({ validationActions: ['Warn'] }, 'soft')];
    expect(inShort(judge(documents, deployment()))).toEqual(['strict fail block', 'soft fail warn']);
  });

  it.each<[string, JsonObject, JsonObject, object, boolean]>([
    ['another kind', {}, pod(), {}, false],
    ['another version of the same group', {}, { ...deployment(), apiVersion: 'apps/v1beta1' }, {}, true],
    ['the group that it had before', {}, { ...deployment(), apiVersion: 'extensions/v1beta1' }, {}, true],
    ['another version, exactly', { matchPolicy: 'Exact' }, { ...deployment(), apiVersion: 'apps/v1beta1' }, {}, false],
    ['another operation', {}, deployment(), { request: request({ operation: 'DELETE' }), oldObject: null }, false],
    [
      'everything',
      { resourceRules: [{ ...RULE, apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], operations: ['*'] }] },
      deployment(),
      {},
      true,
    ],
    ['names', { resourceRules: [{ ...RULE, resourceNames: ['other'] }] }, deployment(), {}, false],
    ['objects inside namespaces', { resourceRules: [{ ...RULE, scope: 'Cluster' }] }, deployment(), {}, false],
    ['what is excluded', { excludeResourceRules: [{ ...RULE, resourceNames: ['d'] }] }, deployment(), {}, false],
    ['labels', { objectSelector: { matchLabels: { a: 'b' } } }, deployment(), {}, false],
    [
      'labels that are there',
      { objectSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] } },
      deployment({}, { labels: { a: 'b' } }),
      {},
      true,
    ],
    [
      'labels that must be absent',
      { objectSelector: { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] } },
      deployment({}, { labels: { a: 'b' } }),
      {},
      false,
    ],
    [
      'namespaces',
      { namespaceSelector: { matchLabels: { env: 'prod' } } },
      deployment({}, { namespace: 'shop' }),
      { namespaceObject: NAMESPACE },
      true,
    ],
    [
      'other namespaces',
      { namespaceSelector: { matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['prod'] }] } },
      deployment({}, { namespace: 'shop' }),
      { namespaceObject: NAMESPACE },
      false,
    ],
    [
      'namespaces by the name that is their label',
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
      deployment({}, { namespace: 'kube-system' }),
      {},
      false,
    ],
    ['a subresource', { resourceRules: [{ ...RULE, resources: ['deployments/scale'] }] }, deployment(), {}, false],
    [
      'any subresource',
      { resourceRules: [{ ...RULE, resources: ['deployments/*'] }] },
      deployment(),
      { request: request({ subResource: 'scale' }) },
      true,
    ],
  ])('matches by %s', (_, match, object, facts, applies) => {
    const documents = [policy({ matchConstraints: { resourceRules: [RULE], ...match } }), binding()];
    expect(judge(documents, object, facts as Record<string, unknown>).length > 0).toBe(applies);
  });

  it('leaves unknown what labels of a namespace decide that nobody knows', () => {
    const matchResources = { namespaceSelector: { matchLabels: { env: 'prod' } } };
    const [result] = judge([policy(), binding({ matchResources })], deployment({}, { namespace: 'shop' }));
    expect(result).toMatchObject({ verdict: 'unknown', missing: ['namespaceObject.metadata.labels'] });
    const estate = { Namespace: [{ ...NAMESPACE, apiVersion: 'v1', kind: 'Namespace' }] };
    const known = judge([policy(), binding({ matchResources })], deployment({}, { namespace: 'shop' }), { estate });
    expect(known).toMatchObject([{ verdict: 'fail' }]);
  });

  it('looks at conditions, variables, the request and the old object', () => {
    const spec = {
      matchConditions: [{ name: 'not-by-system', expression: "!request.userInfo.username.startsWith('system:')" }],
      variables: [
        { name: 'grew', expression: 'object.spec.replicas > variables.before' },
        { name: 'before', expression: 'oldObject == null ? 0 : oldObject.spec.replicas' },
      ],
      validations: [{ expression: '!variables.grew', messageExpression: "'grew from ' + string(variables.before)" }],
    };
    const facts = (username: string) => ({
      request: request({ operation: 'UPDATE', userInfo: { username } }),
      oldObject: { spec: { replicas: 1 } },
    });
    expect(judge([policy(spec), binding()], deployment(), facts('ann'))).toMatchObject([{ message: 'grew from 1' }]);
    expect(judge([policy(spec), binding()], deployment(), facts('system:node'))).toEqual([]);
    expect(judge([policy(spec), binding()], deployment())).toMatchObject([
      { verdict: 'unknown', missing: ['request.userInfo'] },
    ]);
  });

  it.each([
    ['Fail', 'fail', 'block'],
    ['Ignore', 'unknown', 'audit'],
  ])('with the failure policy %s takes what cannot be evaluated as %s', (failurePolicy, verdict, enforcement) => {
    const broken = { expression: 'object.spec.missing.field == 1' };
    const specs: JsonObject[] = [
      { validations: [broken] },
      { matchConditions: [{ name: 'broken', ...broken }] },
      { validations: [{ expression: 'object.spec.replicas' }] },
    ];
    for (const spec of specs) {
      const results = judge([policy({ failurePolicy, ...spec }), binding()], deployment());
      expect(results).toMatchObject([{ verdict, enforcement }]);
    }
  });

  it('refuses what an audit annotation cannot be made of, as an API server does', () => {
    const annotation = (valueExpression: string) =>
      judge([policy({ validations: [], auditAnnotations: [{ key: 'k', valueExpression }] }), binding()], deployment());
    expect(annotation("'x'")).toMatchObject([{ verdict: 'pass' }]);
    expect(annotation('null')).toMatchObject([{ verdict: 'pass' }]);
    expect(annotation('object.spec.missing')).toMatchObject([{ verdict: 'fail' }]);
  });

  it.each<[string, JsonObject, object, string]>([
    ['a parameter beside it', { name: 'most', namespace: 'default' }, {}, 'fail at most 1'],
    ['a parameter in the namespace of the object', { name: 'most' }, { namespace: 'shop' }, 'pass'],
    ['parameters by labels', { selector: { matchLabels: { team: 'b' } } }, {}, 'pass'],
    ['a parameter that is not there', { name: 'none', namespace: 'default' }, {}, 'unknown'],
    ['the parameter that the caller found', { name: 'none' }, { params: { data: { most: '9' } } }, 'pass'],
    [
      'a caller that found none, with Allow',
      { name: 'none', parameterNotFoundAction: 'Allow' },
      { params: null },
      'nothing',
    ],
    [
      'a caller that found none, with Deny',
      { name: 'none', parameterNotFoundAction: 'Deny' },
      { params: null },
      'fail',
    ],
  ])('takes %s', (_, paramRef, { namespace = 'default', ...facts }: { namespace?: string }, expected) => {
    const config = (name: string, inside: string, most: string, labels = {}): JsonObject & { kind: string } => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: inside, labels },
      data: { most },
    });
    const documents = [
      policy({
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        validations: [
          {
            expression: 'object.spec.replicas <= int(params.data.most)',
            messageExpression: "'at most ' + params.data.most",
          },
        ],
      }),
      binding({ paramRef }),
      config('most', 'default', '1'),
      config('most', 'shop', '5'),
      config('other', 'default', '5', { team: 'b' }),
    ];
    const [result] = judge(documents, deployment({}, { namespace }), facts);
    const said =
      result === undefined ? 'nothing' : `${result.verdict} ${result.verdict === 'fail' ? result.message : ''}`;
    expect(said.trim()).toContain(expected);
  });

  it('is refused with the place of every fault, and the others go on', () => {
    const faulty = policy({
      validations: [{ expression: 'object.spec.' }, { expression: 'nobody.knows', messageExpression: '1 +' }],
      matchConditions: [{ name: 'a', expression: "'a' + 1" }],
    });
    const { policies, unknowns } = compile([faulty, { ...policy(), metadata: { name: 'other' } }]);
    expect(policies.map((one) => one.policy.metadata.name)).toEqual(['other']);
    expect(
      unknowns.filter(({ code }) => code === 'policy-invalid').map(({ place }) => place.pointer?.join('.')),
    ).toEqual([
      'spec.matchConditions.0.expression',
      'spec.validations.0.expression',
      'spec.validations.1.expression',
      'spec.validations.1.messageExpression',
    ]);
  });

  it('stops at the cost that an API server allows', () => {
    const variables = [{ name: 'big', expression: '[1,2,3,4,5,6,7,8,9,10]' }];
    const loop = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].reduce(
      (inner, name) => `variables.big.all(${name}, ${inner})`,
      'true',
    );
    const [result] = judge([policy({ variables, validations: [{ expression: loop }] }), binding()], deployment());
    expect(result).toMatchObject({ verdict: 'fail', message: expect.stringContaining('exceeds') });
  });

  it('ends where variables need one another', () => {
    const variables = [
      { name: 'a', expression: 'variables.b' },
      { name: 'b', expression: 'variables.a' },
    ];
    const [result] = judge(
      [policy({ variables, validations: [{ expression: 'variables.a == 1' }] }), binding()],
      deployment(),
    );
    expect(result).toMatchObject({ verdict: 'fail', message: expect.stringContaining('needs itself') });
  });
});
