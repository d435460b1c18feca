import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { compile, cronJob, deployment, inShort, judge, pod } from '../testing/judge-foreign.ts';

const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] };
const NOT_LATEST = {
  expression: "object.spec.containers.all(c, !c.image.endsWith(':latest'))",
  message: 'no latest',
};

const policy = (
  spec: JsonObject = {},
  kind = 'ValidatingPolicy',
  metadata: JsonObject = {},
): JsonObject & { kind: string } => ({
  apiVersion: 'policies.kyverno.io/v1',
  kind,
  metadata: { name: 'tags', ...metadata },
  spec: {
    validationActions: ['Deny'],
    matchConstraints: { resourceRules: [PODS] },
    validations: [NOT_LATEST],
    ...spec,
  },
});
const latest = { spec: { containers: [{ name: 'c', image: 'nginx:latest' }] } };
const says = (expression: string, object: JsonObject = pod(), facts = {}): string => {
  const [result] = judge([policy({ validations: [{ expression }] })], object, facts);
  return result === undefined ? 'nothing' : [result.verdict, ...result.missing].join(' ');
};

describe("Kyverno's ValidatingPolicy", () => {
  it('judges pods, and the workloads that make them', () => {
    expect(inShort(judge([policy()], pod(latest.spec)))).toEqual(['fail block']);
    expect(inShort(judge([policy()], deployment(latest)))).toEqual(['fail block']);
    expect(inShort(judge([policy()], deployment()))).toEqual(['pass block']);
    expect(inShort(judge([policy()], cronJob(latest.spec)))).toEqual(['fail block']);
    expect(judge([policy()], { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } })).toEqual([]);
  });

  it.each<[string, JsonObject, number]>([
    ['the controllers that are asked for', { autogen: { podControllers: { controllers: ['cronjobs'] } } }, 0],
    [
      'none that are not pods alone',
      { matchConstraints: { resourceRules: [{ ...PODS, resources: ['pods', 'services'] }] } },
      0,
    ],
    [
      'none where pods are selected',
      { matchConstraints: { resourceRules: [PODS], objectSelector: { matchLabels: { a: 'b' } } } },
      0,
    ],
    ['all where nothing is said', {}, 1],
  ])('is carried over to %s', (_, spec, results) => {
    expect(judge([policy(spec)], deployment(latest))).toHaveLength(results);
  });

  it("keeps the workload's own name and namespace when it is carried over", () => {
    const validations = [{ expression: "object.metadata.namespace != 'default' || object.metadata.name == 'd'" }];
    expect(judge([policy({ validations })], deployment({}, { namespace: 'default' }))).toMatchObject([
      { verdict: 'pass' },
    ]);
    const labels = [{ expression: "object.metadata.?labels.?team.orValue('') == 'a'" }];
    const object = deployment({ metadata: { labels: { team: 'a' } } }, { labels: { team: 'b' } });
    expect(judge([policy({ validations: labels })], object)).toMatchObject([{ verdict: 'pass' }]);
  });

  it('holds in its namespace alone where it has one', () => {
    const inside = policy({}, 'NamespacedValidatingPolicy', { namespace: 'shop' });
    expect(judge([inside], pod(latest.spec, { namespace: 'shop' }))).toMatchObject([
      { policy: 'shop/tags', verdict: 'fail' },
    ]);
    expect(judge([inside], pod(latest.spec, { namespace: 'other' }))).toEqual([]);
  });

  it('takes the severity and the title that its annotations give', () => {
    const annotations = {
      'policies.kyverno.io/title': 'Tags',
      'policies.kyverno.io/severity': 'high',
      'policies.kyverno.io/description': 'Because.',
    };
    const [result] = judge([policy({}, 'ValidatingPolicy', { annotations })], pod());
    expect(result).toMatchObject({ title: 'Tags', severity: 'high' });
  });

  it.each([
    ["image('nginx').registry() == 'index.docker.io' && image('nginx').repository() == 'library/nginx'", 'pass'],
    ["image('ghcr.io/a/b:1').tag() == '1' && !image('ghcr.io/a/b:1').containsDigest()", 'pass'],
    ["image('localhost/b').registry() == 'localhost' && image('a.b:5000/c').tag() == 'latest'", 'pass'],
    [`image('a/b@sha256:${'0'.repeat(64)}').digest().startsWith('sha256:')`, 'pass'],
    ["isImage('a/b') && !isImage('a b') && !isImage('A')", 'pass'],
    ["images.containers.exists(i, i == 'nginx:1') && images.initContainers.size() == 0", 'pass'],
    ["parseServiceAccount('system:serviceaccount:a:b').Name == 'b' && parseServiceAccount('ann').Name == ''", 'pass'],
    ['json.unmarshal(\'{"a": [1]}\').a[0] == 1', 'pass'],
    [
      "resource.Get('v1', 'configmaps', 'default', 'a').data.a == 'b'",
      'unknown resource.Get(v1, configmaps, default, a)',
    ],
    ["resource.List('v1', 'pods', '').items.size() > 0", 'unknown resource.List(v1, pods, )'],
    ["globalContext.Get('a', '').size() > 0", 'unknown globalContext.Get(a, )'],
    ["http.Get('http://169.254.169.254/').a == 1", 'unknown http.Get(http://169.254.169.254/)'],
    ["image.GetMetadata('nginx:1').config.User == '1'", 'unknown image.GetMetadata(nginx:1)'],
    ["sha256('a') == 'b'", 'unknown sha256()'],
    ["request.userInfo.username == 'a'", 'unknown request.userInfo'],
    ["false || http.Get('a').b == 1 || true", 'pass'],
    ['namespaceObject.metadata.name == "default"', 'pass'],
    ['has(namespaceObject.metadata.labels)', 'unknown namespaceObject.metadata.labels'],
    ['oldObject == null && request.operation == "CREATE" && request.kind.kind == "Pod"', 'pass'],
  ])('evaluates %s: %s', (expression, expected) => {
    expect(says(expression)).toBe(expected);
  });

  it('looks up what lies beside it and what is judged together, and what the caller knows of images', () => {
    const config: JsonObject & { kind: string } = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'default' },
      data: { a: 'b' },
    };
    const get = policy({
      validations: [{ expression: "resource.Get('v1', 'configmaps', 'default', 'a').data.a == 'b'" }],
    });
    expect(judge([get, config], pod())).toMatchObject([{ verdict: 'pass' }]);
    expect(judge([get], pod(), { estate: { ConfigMap: [config] } })).toMatchObject([{ verdict: 'pass' }]);
    const changed = { ...config, data: { a: 'c' } };
    expect(judge([get, config], pod(), { estate: { ConfigMap: [changed] } })).toMatchObject([{ verdict: 'pass' }]);
    const list = policy({
      validations: [{ expression: "resource.List('v1', 'configmaps', 'other').items.size() == 0" }],
    });
    expect(judge([list, config], pod())).toMatchObject([{ verdict: 'pass' }]);
    const imageMetadata = { 'nginx:1': { config: { User: '1' } } };
    expect(says("image.GetMetadata('nginx:1').config.User == '1'", pod(), { imageMetadata })).toBe('pass');
  });

  it.each<[string, JsonObject, string | undefined]>([
    ['is about it', {}, 'ci'],
    ['is about another policy', { policyRefs: [{ name: 'other', kind: 'ValidatingPolicy' }] }, undefined],
    [
      'is about another object',
      { matchConditions: [{ name: 'n', expression: "object.metadata.name == 'b'" }] },
      undefined,
    ],
  ])('shows an exception that %s', (_, spec, exception) => {
    const excepted: JsonObject & { kind: string } = {
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'PolicyException',
      metadata: { name: 'ci' },
      spec: {
        policyRefs: [{ name: 'tags', kind: 'ValidatingPolicy' }],
        matchConditions: [{ name: 'n', expression: "object.metadata.name == 'a'" }],
        ...spec,
      },
    };
    const [result] = judge([policy(), excepted], pod(latest.spec));
    expect([result?.verdict, result?.exception]).toEqual(['fail', exception]);
  });

  it('lets the policy read the images that an exception allows', () => {
    const excepted: JsonObject & { kind: string } = {
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'PolicyException',
      metadata: { name: 'ci' },
      spec: { policyRefs: [{ name: 'tags', kind: 'ValidatingPolicy' }], images: ['nginx:latest'] },
    };
    const validations = [
      {
        expression:
          "object.spec.containers.all(c, c.image in exceptions.allowedImages || !c.image.endsWith(':latest'))",
      },
    ];
    expect(judge([policy({ validations }), excepted], pod(latest.spec))).toMatchObject([{ verdict: 'pass' }]);
    expect(judge([policy({ validations })], pod(latest.spec))).toMatchObject([{ verdict: 'fail' }]);
  });

  it('is excepted as a whole beside an exception that allows images', () => {
    const excepted = (name: string, more: JsonObject = {}): JsonObject & { kind: string } => ({
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'PolicyException',
      metadata: { name },
      spec: { policyRefs: [{ name: 'tags', kind: 'ValidatingPolicy' }], ...more },
    });
    const some = [excepted('images', { images: ['other:1'] }), excepted('values', { allowedValues: ['x'] })];
    const [result] = judge([policy(), ...some, excepted('whole')], pod(latest.spec));
    expect([result?.verdict, result?.exception]).toEqual(['fail', 'whole']);
    expect(judge([policy(), ...some], pod(latest.spec))[0]?.exception).toBeUndefined();
  });

  it('is refused where a function does not exist, with its place', () => {
    const { policies, unknowns } = compile([policy({ validations: [{ expression: 'nobodyKnows(object)' }] })]);
    expect(policies).toEqual([]);
    expect(unknowns).toMatchObject([
      { code: 'policy-invalid', place: { pointer: ['spec', 'validations', 0, 'expression'] } },
    ]);
  });

  it('has a name of its own beside a policy of the same name', () => {
    const other = { ...policy(), kind: 'ClusterPolicy', spec: { rules: [] } } as JsonObject & { kind: string };
    expect(compile([policy(), other]).policies.map((one) => one.policy.metadata.name)).toEqual([
      'tags',
      'ClusterPolicy/tags',
    ]);
  });
});
