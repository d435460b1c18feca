import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { deployment, judge, pod } from '../testing/judge-foreign.ts';
import { type Document, named, policy, rule } from '../testing/kyverno-rules.ts';

describe('a rule of Kyverno', () => {
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

  it('is left undecided by an operator that nobody knows', () => {
    const conditions = { all: [{ key: 'a', operator: 'Equalls', value: 'a' }] };
    const undecided = [{ verdict: 'unknown', message: expect.stringContaining('no operator "equalls"') }];
    expect(judge([policy([rule({ deny: { conditions } })])], pod())).toMatchObject(undecided);
    const unmet = rule({ pattern: { metadata: { name: 'a' } } }, { preconditions: conditions });
    expect(judge([policy([unmet])], pod())).toMatchObject(undecided);
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
});
