import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { compile, cronJob, deployment, inShort, judge, pod } from '../testing/judge-foreign.ts';

type Document = JsonObject & { kind: string };

const PODS = { any: [{ resources: { kinds: ['Pod'] } }] };
const policy = (
  rules: JsonObject[],
  spec: JsonObject = {},
  kind = 'ClusterPolicy',
  metadata: JsonObject = {},
): Document => ({
  apiVersion: 'kyverno.io/v1',
  kind,
  metadata: { name: 'p', ...metadata },
  spec: { rules, ...spec },
});
const rule = (validate: JsonObject, more: JsonObject = {}): JsonObject => ({
  name: 'r',
  match: PODS,
  validate,
  ...more,
});
const TEAM = { message: 'no team', pattern: { metadata: { labels: { team: '?*' } } } };
const named = (kind: string, name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...more,
});
const applies = (match: JsonObject, object: JsonObject, facts = {}, exclude?: JsonObject): boolean =>
  judge(
    [policy([{ name: 'r', match, ...(exclude ? { exclude } : {}), validate: { pattern: { nothing: 1 } } }])],
    object,
    facts,
  ).length > 0;

describe("Kyverno's ClusterPolicy", () => {
  it('gives a result under the name of each rule, with the place of what is broken', () => {
    const rules = [
      rule(TEAM),
      { ...rule({ pattern: { spec: { containers: [{ image: '!*:latest' }] } } }), name: 'tag' },
    ];
    const results = judge([policy(rules, { validationFailureAction: 'Enforce' })], pod());
    expect(inShort(results)).toEqual(['r fail block', 'tag pass block']);
    const [result] = judge(
      [policy(rules)],
      pod(
        {
          containers: [
            { name: 'c', image: 'a' },
            { name: 'd', image: 'b:latest' },
          ],
        },
        { labels: { team: 'a' } },
      ),
    ).filter(({ verdict }) => verdict === 'fail');
    expect(result).toMatchObject({
      element: 'tag',
      enforcement: 'audit',
      message: 'spec.containers.1.image is not "!*:latest"',
    });
  });

  it.each<[string, JsonObject, string]>([
    ['Enforce', { validationFailureAction: 'Enforce' }, 'block'],
    ['enforce', { validationFailureAction: 'enforce' }, 'block'],
    ['audit', { validationFailureAction: 'audit' }, 'audit'],
    ['nothing', {}, 'audit'],
    [
      'an override for its namespace',
      {
        validationFailureAction: 'Audit',
        validationFailureActionOverrides: [{ action: 'Enforce', namespaces: ['sh*'] }],
      },
      'block',
    ],
    [
      'an override for others',
      {
        validationFailureAction: 'Enforce',
        validationFailureActionOverrides: [{ action: 'Audit', namespaces: ['other'] }],
      },
      'block',
    ],
    [
      'an override by labels',
      {
        validationFailureAction: 'Enforce',
        validationFailureActionOverrides: [{ action: 'Audit', namespaceSelector: { matchLabels: { env: 'dev' } } }],
      },
      'audit',
    ],
  ])('enforces by %s', (_, spec, enforcement) => {
    const facts = { namespaceObject: { metadata: { name: 'shop', labels: { env: 'dev' } } } };
    expect(judge([policy([rule(TEAM)], spec)], pod({}, { namespace: 'shop' }), facts)).toMatchObject([{ enforcement }]);
  });

  it('enforces by the rule where the rule says so', () => {
    const rules = [rule({ ...TEAM, failureAction: 'Enforce' }), { ...rule(TEAM), name: 'soft' }];
    expect(inShort(judge([policy(rules, { validationFailureAction: 'Audit' })], pod()))).toEqual([
      'r fail block',
      'soft fail audit',
    ]);
  });

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['a kind', { resources: { kinds: ['Pod'] } }, pod(), true],
    ['a kind with its version', { resources: { kinds: ['v1/Pod'] } }, pod(), true],
    ['a kind with group and version', { resources: { kinds: ['apps/v1/Deployment'] } }, deployment(), true],
    ['a kind of any version', { resources: { kinds: ['apps/*/Deployment'] } }, deployment(), true],
    ['a kind of another version', { resources: { kinds: ['apps/v1beta1/Deployment'] } }, deployment(), false],
    ['kinds with wildcards', { resources: { kinds: ['*'] } }, deployment(), true],
    ['parts of kinds', { resources: { kinds: ['Deploy*'] } }, deployment(), true],
    ['a subresource', { resources: { kinds: ['Pod/exec'] } }, pod(), false],
    ['names', { resources: { kinds: ['Pod'], names: ['b', 'a*'] } }, pod(), true],
    ['other names', { resources: { kinds: ['Pod'], name: 'b' } }, pod(), false],
    ['namespaces', { resources: { kinds: ['Pod'], namespaces: ['def*'] } }, pod(), true],
    ['other namespaces', { resources: { kinds: ['Pod'], namespaces: ['kube-*'] } }, pod(), false],
    ['operations', { resources: { kinds: ['Pod'], operations: ['UPDATE'] } }, pod(), false],
    [
      'labels',
      { resources: { kinds: ['Pod'], selector: { matchLabels: { app: 'w*' } } } },
      pod({}, { labels: { app: 'web' } }),
      true,
    ],
    [
      'other labels',
      { resources: { kinds: ['Pod'], selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } } },
      pod(),
      false,
    ],
    [
      'annotations',
      { resources: { kinds: ['Pod'], annotations: { 'a/*': 'x?' } } },
      pod({}, { annotations: { 'a/b': 'xy' } }),
      true,
    ],
    ['other annotations', { resources: { kinds: ['Pod'], annotations: { a: 'x' } } }, pod(), false],
    ['all of several', { all: [{ resources: { kinds: ['Pod'] } }, { resources: { names: ['b'] } }] }, pod(), false],
    [
      'any of several',
      { any: [{ resources: { kinds: ['Service'] } }, { resources: { kinds: ['Pod'] } }] },
      pod(),
      true,
    ],
    ['nothing', {}, pod(), false],
    [
      'namespaces as objects',
      { resources: { kinds: ['Namespace'], namespaces: ['a'] } },
      named('Namespace', 'a'),
      true,
    ],
  ])('matches by %s', (_, match, object, expected) => {
    expect(applies(match, object)).toBe(expected);
  });

  it.each<[string, JsonObject, boolean]>([
    ['names', { any: [{ resources: { names: ['a'] } }] }, false],
    ['other names', { any: [{ resources: { names: ['b'] } }] }, true],
    ['all of several', { all: [{ resources: { names: ['a'] } }, { resources: { namespaces: ['x'] } }] }, true],
    ['who asks, where nobody is known', { any: [{ clusterRoles: ['cluster-admin'] }] }, true],
    ['nothing', {}, true],
  ])('excludes by %s', (_, exclude, expected) => {
    expect(applies({ resources: { kinds: ['Pod'] } }, pod(), {}, exclude)).toBe(expected);
  });

  it.each<[string, JsonObject, boolean]>([
    ['user', { subjects: [{ kind: 'User', name: 'an*' }] }, true],
    ['group', { subjects: [{ kind: 'Group', name: 'dev' }] }, true],
    ['service account', { subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'b' }] }, false],
    ['role', { roles: ['shop:editor'] }, true],
    ['cluster role', { clusterRoles: ['cluster-admin'] }, false],
  ])('matches who asks by %s', (_, who, expected) => {
    const userInfo = { username: 'ann', groups: ['dev'], roles: ['shop:editor'], clusterRoles: ['view'] };
    const facts = { request: { operation: 'CREATE', userInfo } };
    expect(applies({ any: [{ ...who, resources: { kinds: ['Pod'] } }] }, pod(), facts)).toBe(expected);
    expect(applies({ any: [{ ...who, resources: { kinds: ['Pod'] } }] }, pod())).toBe(true);
  });

  it('leaves unknown what labels of a namespace decide', () => {
    const match = { any: [{ resources: { kinds: ['Pod'], namespaceSelector: { matchLabels: { env: 'prod' } } } }] };
    expect(judge([policy([{ ...rule(TEAM), match }])], pod())).toMatchObject([
      { verdict: 'unknown', missing: ['namespaceObject.metadata.labels'] },
    ]);
  });

  it('is carried over from pods to workloads', () => {
    const rules = [rule(TEAM)];
    expect(inShort(judge([policy(rules)], deployment()))).toEqual(['r fail audit']);
    expect(inShort(judge([policy(rules)], deployment({ metadata: { labels: { team: 'a' } } })))).toEqual([
      'r pass audit',
    ]);
    expect(inShort(judge([policy(rules)], cronJob()))).toEqual(['r fail audit']);
    expect(
      judge(
        [
          policy(rules, {}, 'ClusterPolicy', {
            annotations: { 'pod-policies.kyverno.io/autogen-controllers': 'none' },
          }),
        ],
        deployment(),
      ),
    ).toEqual([]);
    expect(
      judge(
        [
          policy(rules, {}, 'ClusterPolicy', {
            annotations: { 'pod-policies.kyverno.io/autogen-controllers': 'StatefulSet,CronJob' },
          }),
        ],
        deployment(),
      ),
    ).toEqual([]);
    const picky = [{ ...rule(TEAM), match: { any: [{ resources: { kinds: ['Pod'], names: ['a'] } }] } }];
    expect(judge([policy(picky)], deployment())).toEqual([]);
  });

  it('is carried over in every language, and says the name of the workload', () => {
    const cel = rule({ cel: { expressions: [{ expression: 'object.spec.hostNetwork', message: 'x' }] } });
    const deny = rule({
      message: '{{ request.object.metadata.name }} is wrong',
      deny: {
        conditions: {
          any: [{ key: '{{ request.object.spec.containers[0].image }}', operator: 'Equals', value: 'nginx:1' }],
        },
      },
    });
    const any = rule({ anyPattern: [{ spec: { a: 1 } }, { spec: { containers: [{ image: 'nginx:*' }] } }] });
    expect(judge([policy([cel])], deployment())).toMatchObject([{ verdict: 'fail' }]);
    expect(judge([policy([deny])], deployment())).toMatchObject([{ verdict: 'fail', message: 'd is wrong' }]);
    expect(judge([policy([any])], deployment())).toMatchObject([{ verdict: 'pass' }]);
  });

  it('holds in its namespace alone where it is a Policy', () => {
    const inside = policy([rule(TEAM)], {}, 'Policy', { namespace: 'shop' });
    expect(judge([inside], pod({}, { namespace: 'shop' }))).toMatchObject([{ policy: 'shop/p' }]);
    expect(judge([inside], pod())).toEqual([]);
  });

  it('skips by a condition of a pattern, and passes by one of several', () => {
    expect(
      judge([policy([rule({ pattern: { spec: { '(hostNetwork)': true, containers: [{ image: 'x' }] } } })])], pod()),
    ).toEqual([]);
    const anyPattern: JsonObject[] = [{ spec: { hostNetwork: true } }, { metadata: { name: 'a' } }];
    expect(judge([policy([rule({ anyPattern })])], pod())).toMatchObject([{ verdict: 'pass' }]);
    expect(judge([policy([rule({ anyPattern: anyPattern.slice(0, 1) })])], pod())).toMatchObject([{ verdict: 'fail' }]);
  });

  it('judges with preconditions, denials and messages with variables', () => {
    const deny = (conditions: JsonObject, preconditions?: JsonObject) =>
      judge(
        [
          policy([
            rule(
              { message: '{{ request.object.metadata.name }} of {{request.namespace}}', deny: { conditions } },
              preconditions ? { preconditions } : {},
            ),
          ]),
        ],
        pod(),
      );
    const isA = { key: '{{ request.object.metadata.name }}', operator: 'Equals', value: 'a' };
    expect(deny({ all: [isA] })).toMatchObject([{ verdict: 'fail', message: 'a of default' }]);
    expect(deny({ all: [isA] }, { all: [{ ...isA, value: 'b' }] })).toEqual([]);
    const missing = { key: '{{ request.object.metadata.labels.team }}', operator: 'Equals', value: '' };
    expect(deny({ all: [isA] }, { any: [missing] })).toMatchObject([{ verdict: 'fail' }]);
    expect(deny({ any: [missing] })).toMatchObject([
      { verdict: 'unknown', message: expect.stringContaining('selects nothing') },
    ]);
    expect(
      deny({
        all: [
          {
            key: '{{ request.object.spec.[ephemeralContainers, initContainers, containers][].ports[].hostPort }}',
            operator: 'AnyNotIn',
            value: '5000-6000',
          },
        ],
      }),
    ).toMatchObject([{ verdict: 'pass' }]);
    expect(deny({ all: [{ key: '{{ request.userInfo.username }}', operator: 'Equals', value: 'a' }] })).toMatchObject([
      { verdict: 'unknown', missing: ['request.userInfo'] },
    ]);
  });

  it('goes through lists, with places', () => {
    const containers = [
      { name: 'c', image: 'a', securityContext: { capabilities: { drop: ['ALL'] } } },
      { name: 'd', image: 'b', securityContext: { capabilities: { drop: ['X'] } } },
    ];
    const drop = {
      list: 'request.object.spec.[ephemeralContainers, initContainers, containers][]',
      deny: {
        conditions: {
          all: [{ key: 'ALL', operator: 'AnyNotIn', value: "{{ element.securityContext.capabilities.drop || '' }}" }],
        },
      },
    };
    const places = (object: JsonObject, foreach: JsonObject[]) =>
      judge([policy([rule({ message: '{{ element.name }}', foreach })])], object).map(({ verdict, message }) => [
        verdict,
        message,
      ]);
    expect(places(pod({ containers }), [drop])).toEqual([['fail', 'd']]);
    expect(places(pod({ containers: containers.slice(0, 1) }), [drop])).toEqual([['pass', 'p']]);
    expect(places(pod({ containers: [] }), [drop])).toEqual([]);
    expect(
      places(pod({ containers }), [
        {
          list: 'request.object.spec.containers',
          preconditions: { all: [{ key: '{{ element.image }}', operator: 'Equals', value: 'z' }] },
          pattern: { x: 1 },
        },
      ]),
    ).toEqual([]);
    expect(
      places(pod({ containers }), [{ list: 'request.object.spec.containers', pattern: { image: 'a | b' } }]),
    ).toEqual([['pass', 'p']]);
    const nested = {
      list: 'request.object.spec.containers',
      foreach: [
        {
          list: 'element.securityContext.capabilities.drop',
          deny: { conditions: { all: [{ key: '{{ element }}', operator: 'Equals', value: 'X' }] } },
        },
      ],
    };
    const named = judge(
      [policy([rule({ message: '{{ element0.name }} keeps {{ element }}', foreach: [nested] })])],
      pod({ containers }),
    );
    expect(named).toMatchObject([{ verdict: 'fail', message: 'd keeps X' }]);
    expect(places(deployment({ spec: { containers } }), [drop])).toEqual([['fail', 'd']]);
  });

  it('works out its context when it is needed', () => {
    const config = named('ConfigMap', 'c', {
      metadata: { name: 'c', namespace: 'default' },
      data: { teams: '["a","b"]' },
    }) as Document;
    const context: JsonObject[] = [
      { name: 'allowed', configMap: { name: 'c', namespace: '{{ request.namespace }}' } },
      { name: 'team', variable: { jmesPath: 'request.object.metadata.labels.team', default: 'none' } },
      { name: 'known', variable: { value: ['a', '{{ team }}'] } },
      { name: 'elsewhere', apiCall: { urlPath: '/api/v1' } },
    ];
    const deny = (key: string, value: unknown, operator = 'Equals') =>
      judge(
        [
          policy([rule({ deny: { conditions: { all: [{ key, operator, value } as JsonObject] } } }, { context })]),
          config,
        ],
        pod(),
      );
    expect(deny('{{ team }}', 'none')).toMatchObject([{ verdict: 'fail' }]);
    expect(deny('{{ known[1] }}', 'none')).toMatchObject([{ verdict: 'fail' }]);
    expect(deny('a', '{{ allowed.data.teams }}', 'AnyIn')).toMatchObject([{ verdict: 'fail' }]);
    expect(deny('{{ parse_json(allowed.data.teams)[1] }}', 'b')).toMatchObject([{ verdict: 'fail' }]);
    expect(deny('{{ elsewhere.items }}', 'b')).toMatchObject([
      { verdict: 'unknown', missing: ['context elsewhere (apiCall)'] },
    ]);
    expect(
      judge(
        [
          policy([
            rule(
              { deny: { conditions: { all: [{ key: '{{ allowed.data.a }}', operator: 'Equals', value: '' }] } } },
              { context },
            ),
          ]),
        ],
        pod(),
      ),
    ).toMatchObject([{ verdict: 'unknown', missing: ['ConfigMap default/c'] }]);
  });

  it('reads nothing that objects say as an expression, and ends where contexts need one another', () => {
    const deny = {
      deny: {
        conditions: {
          all: [
            { key: '{{ request.object.metadata.labels.x }}', operator: 'Equals', value: '{{ request.namespace }}' },
          ],
        },
      },
    };
    expect(judge([policy([rule(deny)])], pod({}, { labels: { x: '{{ request.namespace }}' } }))).toMatchObject([
      { verdict: 'pass' },
    ]);
    const context = [
      { name: 'a', variable: { value: '{{ b }}' } },
      { name: 'b', variable: { value: '{{ a }}' } },
    ];
    const cyclic = rule(
      { deny: { conditions: { all: [{ key: '{{ a }}', operator: 'Equals', value: 'x' }] } } },
      { context },
    );
    expect(judge([policy([cyclic])], pod())).toMatchObject([
      { verdict: 'unknown', message: expect.stringContaining('needs itself') },
    ]);
  });

  it('knows images in their parts', () => {
    const deny = {
      message: 'x',
      deny: {
        conditions: {
          any: [
            {
              key: '{{ images.containers.c.registry }}/{{ images.containers.c.path }}:{{ images.containers.c.tag }}',
              operator: 'Equals',
              value: 'docker.io/nginx:1',
            },
          ],
        },
      },
    };
    expect(judge([policy([rule(deny)])], pod())).toMatchObject([{ verdict: 'fail' }]);
  });

  it('judges CEL with its preconditions and parameters', () => {
    const cel = (expressions: JsonObject[], more: JsonObject = {}, celPreconditions: JsonObject[] = []) =>
      judge([policy([rule({ message: 'of the rule', cel: { expressions, ...more } }, { celPreconditions })])], pod());
    expect(cel([{ expression: "object.metadata.name == 'b'" }])).toMatchObject([
      { verdict: 'fail', message: 'of the rule' },
    ]);
    expect(
      cel([{ expression: 'variables.n == 2' }], { variables: [{ name: 'n', expression: '1 + 1' }] }),
    ).toMatchObject([{ verdict: 'pass' }]);
    expect(cel([{ expression: 'false' }], {}, [{ name: 'a', expression: 'has(object.spec.volumes)' }])).toEqual([]);
    expect(cel([{ expression: 'object.spec.missing == 1' }])).toMatchObject([
      { verdict: 'fail', message: expect.stringContaining('no such key') },
    ]);
    expect(
      cel([{ expression: "params.data.a == 'b'" }], {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        paramRef: { name: 'x' },
      }),
    ).toMatchObject([{ verdict: 'unknown', missing: ['params: ConfigMap x'] }]);
  });

  it('names what it does not judge', () => {
    const rules: JsonObject[] = [
      { name: 'change', match: PODS, mutate: {} },
      { name: 'make', match: PODS, generate: {} },
      { name: 'sign', match: PODS, verifyImages: [] },
      { name: 'tree', match: PODS, validate: { assert: {} } },
      { name: 'empty', match: PODS },
    ];
    expect(compile([policy(rules)]).unknowns.map(({ code, place }) => [code, place.pointer?.at(-1)])).toEqual(
      rules.map((_, index) => ['policy-rule-not-judged', index]),
    );
    expect(inShort(judge([policy(rules)], pod()))).toEqual(['sign unknown audit', 'tree unknown audit']);
  });

  it.each<[string, JsonObject, string | undefined]>([
    ['names the rule', {}, 'ci'],
    ['names rules by a wildcard', { exceptions: [{ policyName: 'p', ruleNames: ['*'] }] }, 'ci'],
    ['names another rule', { exceptions: [{ policyName: 'p', ruleNames: ['x'] }] }, undefined],
    ['names another policy', { exceptions: [{ policyName: 'x', ruleNames: ['r'] }] }, undefined],
    ['is about another object', { match: { any: [{ resources: { kinds: ['Pod'], names: ['b'] } }] } }, undefined],
    [
      'asks for more',
      { conditions: { all: [{ key: '{{ request.object.metadata.name }}', operator: 'Equals', value: 'b' }] } },
      undefined,
    ],
  ])('shows an exception that %s', (_, spec, exception) => {
    const excepted: Document = {
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'ci' },
      spec: { exceptions: [{ policyName: 'p', ruleNames: ['r'] }], match: PODS, ...spec },
    };
    const [result] = judge([policy([rule(TEAM)]), excepted], pod());
    expect([result?.verdict, result?.exception]).toEqual(['fail', exception]);
  });
});
